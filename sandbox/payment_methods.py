"""Payment methods that confirming made."""

from sandbox.call import Call, Route
from sandbox.errors import missing_object
from sandbox.params import EXPAND
from sandbox.shelf import Obj
from sandbox.state import State


def _get(state: State, call: Call) -> Obj:
    method = state.payment_methods.get(call.id)
    if method is None:
        raise missing_object("PaymentMethod", call.id, param="payment_method")
    return method


ROUTES = {("GET", "/v1/payment_methods/{id}"): Route(_get, EXPAND)}

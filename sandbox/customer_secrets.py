"""What the phone gets to act for a customer: ephemeral keys and customer sessions."""

from sandbox.call import Call, Route
from sandbox.errors import StripeError, missing_param
from sandbox.lookup import find
from sandbox.params import EXPAND, anything, text
from sandbox.shelf import Obj
from sandbox.state import State, new_id, secret_text

_KEY_SECONDS = 3600
_SESSION_SECONDS = 1800
_COMPONENTS = (
    "active_entitlements",
    "buy_button",
    "customer_portal",
    "customer_sheet",
    "mobile_payment_element",
    "payment_element",
    "pricing_table",
)


def _create_key(state: State, call: Call) -> Obj:
    if "stripe-version" not in call.headers:
        message = "Missing `Stripe-Version` header: an ephemeral key is made at the app's version."
        raise StripeError(message, saved=False)
    customer = _customer(state, call)
    now = state.clock.now()
    return {
        "id": new_id("ephkey"),
        "object": "ephemeral_key",
        "associated_objects": [{"id": customer["id"], "type": "customer"}],
        "created": now,
        "expires": now + _KEY_SECONDS,
        "livemode": False,
        "secret": f"ek_test_{secret_text(48)}",
    }


def _create_session(state: State, call: Call) -> Obj:
    customer = _customer(state, call)
    asked = call.params.get("components")
    if not asked:
        raise missing_param("components")
    now = state.clock.now()
    return {
        "object": "customer_session",
        "client_secret": f"cuss_secret_{secret_text(48)}",
        "components": {name: _component(asked.get(name)) for name in _COMPONENTS},
        "created": now,
        "customer": customer["id"],
        "customer_account": None,
        "expires_at": now + _SESSION_SECONDS,
        "livemode": False,
    }


def _component(asked: Obj | None) -> Obj:
    if asked is None:
        return {"enabled": False}
    return {**asked, "enabled": asked.get("enabled") == "true"}


def _customer(state: State, call: Call) -> Obj:
    if not call.params.get("customer"):
        raise missing_param("customer")
    return find(state.customers, call.params["customer"], param="customer", status=400)


ROUTES = {
    ("POST", "/v1/ephemeral_keys"): Route(_create_key, {**EXPAND, "customer": text}),
    ("POST", "/v1/customer_sessions"): Route(
        _create_session,
        {**EXPAND, "customer": text, "components": dict.fromkeys(_COMPONENTS, anything)},
    ),
}

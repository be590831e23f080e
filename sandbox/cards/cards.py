"""Payment methods: made from Stripe's test names, saved for a customer when asked."""

from sandbox.cards import card_parts
from sandbox.cards.card_stories import CARDS, Card
from sandbox.events import events
from sandbox.request import listing
from sandbox.request.call import Call, Route
from sandbox.request.errors import invalid, missing_object
from sandbox.request.lookup import find, many, one
from sandbox.request.params import EXPAND, PAGE_BY_TIME, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id


def card_of(state: State, payment_method: str) -> Card:
    """The story behind a payment method that `method_for` made."""
    return CARDS[state.card_names[payment_method]]


def check_known(state: State, name: str) -> None:
    """It is a test payment method, or one that was made from it."""
    if name not in CARDS and state.payment_methods.get(name) is None:
        raise missing_object("PaymentMethod", name, param="payment_method", status=400)


def method_for(state: State, name: str) -> Obj:
    """The payment method of that id; a test name such as `pm_card_visa` makes a new one."""
    known = state.payment_methods.get(name)
    if known is not None:
        return known
    check_known(state, name)
    card = CARDS[name]
    method = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": card_parts.NO_BILLING_DETAILS,
        "created": state.clock.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        **card_parts.of_method(card),
    }
    state.card_names[method["id"]] = name
    return state.payment_methods.add(method)


def keep(state: State, method: Obj, customer: str) -> None:
    """Save it for the customer, to be used again."""
    if method["customer"] != customer:
        state.payment_methods.reindex(method, "customer", customer)
        events.emit(state, "payment_method.attached", method)


def _attach(state: State, call: Call) -> Obj:
    customer = find(state.customers, call.params.get("customer", ""), param="customer", status=400)
    method = method_for(state, call.id)
    if method["customer"] not in (None, customer["id"]):
        raise invalid("The payment method is already attached to another customer.", "customer")
    keep(state, method, customer["id"])
    return method


def _detach(state: State, call: Call) -> Obj:
    method = find(state.payment_methods, call.id)
    if method["customer"] is None:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise invalid(message, "payment_method")
    before = dict(method)
    state.payment_methods.reindex(method, "customer", None)
    events.emit(state, "payment_method.detached", method, before=before)
    return method


def _of_customer(state: State, call: Call) -> Obj:
    find(state.customers, call.id, param="customer")
    saved = state.payment_methods.where(customer=call.id, type=call.params.get("type"))
    return listing.page(call, state.payment_methods, saved)


ROUTES = {
    ("GET", "/v1/payment_methods/{id}"): one("payment_methods"),
    ("GET", "/v1/payment_methods"): many("payment_methods", "customer", "type"),
    ("POST", "/v1/payment_methods/{id}/attach"): Route(_attach, {**EXPAND, "customer": text}),
    ("POST", "/v1/payment_methods/{id}/detach"): Route(_detach, EXPAND),
    ("GET", "/v1/customers/{id}/payment_methods"): Route(_of_customer, {**PAGE_BY_TIME, "type": text}),
}

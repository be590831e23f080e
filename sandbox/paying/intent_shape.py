"""A PaymentIntent as Stripe shows it: how one begins and is found."""

from sandbox.cards.cards import check_known
from sandbox.request import money
from sandbox.request.errors import missing_param
from sandbox.request.lookup import find
from sandbox.request.params import merged_metadata
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text

TEXTS = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def make(state: State, params: Obj) -> Obj:
    """A new PaymentIntent on its shelf, nothing announced yet."""
    for name in ("amount", "currency"):
        if name not in params:
            raise missing_param(name)
    id_ = new_id("pi")
    intent = {
        "id": id_,
        "object": "payment_intent",
        "amount": params["amount"],
        **_NEW,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "automatic_payment_methods": _automatic(params),
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": f"{id_}_secret_{secret_text(25)}",
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": state.clock.now(),
        "currency": params["currency"].lower(),
        "customer": params.get("customer"),
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_method_types": params.get("allowed_payment_method_types", ["card"]),
        "shipping": params.get("shipping"),
        **{name: params.get(name) or None for name in TEXTS},
    }
    intent["payment_method_options"] = with_options(intent, params)
    return state.payment_intents.add(intent)


CARD_OPTIONS: Obj = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
_NEW: Obj = {
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "customer_account": None,
    "excluded_payment_method_types": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "managed_payments": None,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "payment_method_configuration_details": None,
    "payment_method_options": {"card": CARD_OPTIONS},
    "payment_record": None,
    "processing": None,
    "review": None,
    "source": None,
    "status": "requires_payment_method",
    "transfer_data": None,
}


def with_options(intent: Obj, params: Obj) -> Obj:
    """The payment method's options after a call; those of cards are played, others kept as they come."""
    asked = params.get("payment_method_options") or {}
    present = intent["payment_method_options"]
    return {**present, **asked, "card": {**present["card"], **asked.get("card", {})}}


def _automatic(params: Obj) -> Obj | None:
    if "allowed_payment_method_types" in params:
        return None
    asked = params.get("automatic_payment_methods", {"enabled": True})
    return {"allow_redirects": "always", **asked}


def check(state: State, params: Obj) -> None:
    """Currency, amount, customer and payment method are such as Stripe takes."""
    currency = params.get("currency", "").lower()
    if currency:
        money.check_currency(currency)
    if currency and "amount" in params:
        money.check_chargeable(params["amount"], currency)
    if params.get("customer"):
        find(state.customers, params["customer"], param="customer", status=400)
    if params.get("payment_method"):
        check_known(state, params["payment_method"])

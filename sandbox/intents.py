"""PaymentIntents."""

from sandbox import events, listing, money, paying
from sandbox.call import Call, Route
from sandbox.customers import find as find_customer
from sandbox.errors import invalid, missing_object, missing_param, unexpected_state
from sandbox.params import (
    EXPAND,
    PAGE_BY_TIME,
    Spec,
    anything,
    boolean,
    merged_metadata,
    metadata,
    one_of,
    positive,
    text,
    texts,
)
from sandbox.shelf import Obj
from sandbox.state import State, new_id, secret_text, snapshot

_TEXTS = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)
_FIELDS: Spec = {
    **EXPAND,
    **dict.fromkeys(_TEXTS, text),
    "amount": positive,
    "currency": text,
    "customer": text,
    "metadata": metadata,
    "payment_method": text,
    "payment_method_options": anything,
    "shipping": anything,
}
_ON_CONFIRM: Spec = {
    "mandate_data": anything,
    "off_session": anything,
    "return_url": text,
    "use_stripe_sdk": boolean,
}
_ONLY_CREATE: Spec = {
    "automatic_payment_methods": {"enabled": boolean, "allow_redirects": text},
    # Manual capture isn't played.
    "capture_method": one_of("automatic", "automatic_async"),
    "confirm": boolean,
    "confirmation_method": one_of("automatic", "manual"),
    "payment_method_types": texts,
}
_CANCELABLE = (*paying.CONFIRMABLE, "requires_capture", "processing")
_UPDATABLE = paying.CONFIRMABLE


def find(state: State, id_: str, *, param: str = "intent", status: int = 404) -> Obj:
    """The PaymentIntent, or Stripe's error."""
    intent = state.payment_intents.get(id_)
    if intent is None:
        raise missing_object("payment_intent", id_, param=param, status=status)
    return intent


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
        "automatic_payment_methods": _automatic(params),
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": f"{id_}_secret_{secret_text(25)}",
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": state.clock.now(),
        "currency": params["currency"].lower(),
        "customer": params.get("customer"),
        "metadata": merged_metadata({}, params.get("metadata")),
        "payment_method_types": params.get("payment_method_types", ["card"]),
        "shipping": params.get("shipping"),
        **{name: params.get(name) or None for name in _TEXTS},
    }
    return state.payment_intents.add(intent)


_NEW: Obj = {
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "payment_method_configuration_details": None,
    "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
    "payment_record": None,
    "processing": None,
    "review": None,
    "source": None,
    "status": "requires_payment_method",
    "transfer_data": None,
}


def _automatic(params: Obj) -> Obj | None:
    if "payment_method_types" in params:
        return None
    asked = params.get("automatic_payment_methods", {"enabled": True})
    return {"allow_redirects": "always", **asked}


def _create(state: State, call: Call) -> Obj:
    _check(state, call.params)
    intent = make(state, call.params)
    events.emit(state, "payment_intent.created", intent)
    if call.params.get("confirm"):
        return _confirm(state, intent, call.params)
    _remember_method(intent, call.params)
    return intent


def _check(state: State, params: Obj) -> None:
    currency = params.get("currency", "").lower()
    if currency:
        money.check_currency(currency)
    if currency and "amount" in params:
        money.check_chargeable(params["amount"], currency)
    if params.get("customer"):
        find_customer(state, params["customer"], param="customer", status=400)


def _remember_method(intent: Obj, params: Obj) -> None:
    if params.get("payment_method"):
        intent["payment_method"] = params["payment_method"]
        intent["status"] = "requires_confirmation"


def _get(state: State, call: Call) -> Obj:
    intent = find(state, call.id)
    secret = call.params.get("client_secret", intent["client_secret"])
    if secret != intent["client_secret"]:
        raise invalid("The client_secret provided does not match.", "client_secret")
    return intent


def _update(state: State, call: Call) -> Obj:
    intent = find(state, call.id)
    fixed = [name for name in ("amount", "currency") if name in call.params]
    if fixed and intent["status"] not in _UPDATABLE:
        message = (
            f"This PaymentIntent's {fixed[0]} could not be updated because it has a status of "
            f"{intent['status']}. You may only update the {fixed[0]} of a PaymentIntent with one "
            f"of the following statuses: {', '.join(_UPDATABLE)}."
        )
        raise unexpected_state(intent, message)
    _check(state, {"currency": intent["currency"], "amount": intent["amount"], **call.params})
    _remember_method(intent, call.params)
    change = {n: v for n, v in call.params.items() if n not in ("expand", "payment_method")}
    change["metadata"] = merged_metadata(intent["metadata"], call.params.get("metadata"))
    intent.update({name: None if value == "" else value for name, value in change.items()})
    return intent


def _confirm_call(state: State, call: Call) -> Obj:
    return _confirm(state, find(state, call.id), call.params)


def _confirm(state: State, intent: Obj, params: Obj) -> Obj:
    name = params.get("payment_method") or intent["payment_method"]
    if name is None and intent["status"] in paying.CONFIRMABLE:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken."
        )
        raise unexpected_state(intent, message)
    off_session = params.get("off_session", "false") != "false"
    paying.confirm(state, intent, name or "", off_session=off_session)
    return intent


def _cancel(state: State, call: Call) -> Obj:
    intent = find(state, call.id)
    if intent["status"] not in _CANCELABLE:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            "Only a PaymentIntent with one of the following statuses may be canceled: "
            f"{', '.join(_CANCELABLE)}."
        )
        raise unexpected_state(intent, message)
    before = snapshot(intent)
    intent["status"] = "canceled"
    intent["canceled_at"] = state.clock.now()
    intent["cancellation_reason"] = call.params.get("cancellation_reason")
    intent["next_action"] = None
    events.emit(state, "payment_intent.canceled", intent, before=before)
    return intent


def _list(state: State, call: Call) -> Obj:
    rows = state.payment_intents.where(customer=call.params.get("customer"))
    return listing.page(call, state.payment_intents, rows)


_REASONS = one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")
ROUTES = {
    ("POST", "/v1/payment_intents"): Route(_create, {**_FIELDS, **_ON_CONFIRM, **_ONLY_CREATE}),
    ("GET", "/v1/payment_intents"): Route(_list, {**PAGE_BY_TIME, "customer": text}),
    ("GET", "/v1/payment_intents/{id}"): Route(_get, {**EXPAND, "client_secret": text}),
    ("POST", "/v1/payment_intents/{id}"): Route(_update, _FIELDS),
    ("POST", "/v1/payment_intents/{id}/confirm"): Route(
        _confirm_call,
        {
            **EXPAND,
            **_ON_CONFIRM,
            **dict.fromkeys(("payment_method", "receipt_email", "setup_future_usage"), text),
            "payment_method_options": anything,
            "shipping": anything,
            "client_secret": text,
        },
    ),
    ("POST", "/v1/payment_intents/{id}/cancel"): Route(_cancel, {**EXPAND, "cancellation_reason": _REASONS}),
}

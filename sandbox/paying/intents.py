"""PaymentIntents."""

from typing import Any

from sandbox.cards import cards
from sandbox.events import events
from sandbox.paying import confirming
from sandbox.paying.intent_shape import TEXTS, check, make, with_options
from sandbox.request.call import Call, Route
from sandbox.request.errors import invalid, unexpected_state
from sandbox.request.lookup import find, many
from sandbox.request.params import (
    EXPAND,
    Spec,
    anything,
    boolean,
    merged_metadata,
    metadata,
    one_of,
    positive,
    shipping,
    text,
    texts,
    unplayed,
)
from sandbox.store.shelf import Obj
from sandbox.store.state import State, snapshot

_UNPLAYED = (
    "amount_details",
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "error_on_requires_action",
    "excluded_payment_method_types",
    "hooks",
    "mandate",
    "on_behalf_of",
    "payment_details",
    "payment_method_configuration",
    "payment_method_data",
    "radar_options",
    "statement_descriptor_suffix_kana",
    "transfer_data",
)


def _capture_method(name: str, value: Any) -> str:
    if value == "manual":
        unplayed("capture_method=manual", value)
    return str(one_of("automatic", "automatic_async")(name, value))


_FIELDS: Spec = {
    **EXPAND,
    **dict.fromkeys(TEXTS, text),
    **dict.fromkeys(_UNPLAYED, unplayed),
    "amount": positive,
    "currency": text,
    "customer": text,
    "metadata": metadata,
    "payment_method": text,
    "payment_method_options": anything,
    "shipping": shipping,
}
_ON_CONFIRM: Spec = {
    "mandate_data": anything,
    "off_session": anything,
    "return_url": text,
    "use_stripe_sdk": boolean,
}
_SET_ON_CONFIRM = ("payment_method_options", "receipt_email", "setup_future_usage", "shipping")
_ONLY_CREATE: Spec = {
    "automatic_payment_methods": {"enabled": boolean, "allow_redirects": text},
    "capture_method": _capture_method,
    "confirm": boolean,
    "confirmation_method": one_of("automatic", "manual"),
    "allowed_payment_method_types": texts,
}
_CANCELABLE = (*confirming.CONFIRMABLE, "requires_capture", "processing")
_UPDATABLE = confirming.CONFIRMABLE


def _create(state: State, call: Call) -> Obj:
    check(state, call.params)
    intent = make(state, call.params)
    events.emit(state, "payment_intent.created", intent)
    if call.params.get("confirm"):
        return _confirm(state, intent, call.params)
    _remember_method(state, intent, call.params)
    return intent


def _remember_method(state: State, intent: Obj, params: Obj) -> None:
    if params.get("payment_method"):
        method = cards.method_for(state, params["payment_method"])
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"


def _get(state: State, call: Call) -> Obj:
    return _own(state, call)


def _own(state: State, call: Call) -> Obj:
    """The intent; a phone shows with the client secret that it may see it."""
    intent = find(state.payment_intents, call.id, param="intent")
    secret = call.params.get("client_secret", intent["client_secret"])
    if secret != intent["client_secret"]:
        raise invalid("The client_secret provided does not match.", "client_secret")
    return intent


def _update(state: State, call: Call) -> Obj:
    intent = find(state.payment_intents, call.id, param="intent")
    fixed = [name for name in ("amount", "currency") if name in call.params]
    if fixed and intent["status"] not in _UPDATABLE:
        message = (
            f"This PaymentIntent's {fixed[0]} could not be updated because it has a status of "
            f"{intent['status']}. You may only update the {fixed[0]} of a PaymentIntent with one "
            f"of the following statuses: {', '.join(_UPDATABLE)}."
        )
        raise unexpected_state(intent, message)
    check(state, {"currency": intent["currency"], "amount": intent["amount"], **call.params})
    _remember_method(state, intent, call.params)
    if "customer" in call.params:
        state.payment_intents.reindex(intent, "customer", call.params["customer"] or None)
    change = {n: v for n, v in call.params.items() if n not in ("expand", "payment_method")}
    change["payment_method_options"] = with_options(intent, call.params)
    change["metadata"] = merged_metadata(intent["metadata"], call.params.get("metadata"))
    intent.update({name: None if value == "" else value for name, value in change.items()})
    return intent


def _confirm_call(state: State, call: Call) -> Obj:
    intent = _own(state, call)
    given = {name: call.params[name] for name in _SET_ON_CONFIRM if name in call.params}
    intent.update({**given, "payment_method_options": with_options(intent, call.params)})
    return _confirm(state, intent, call.params)


def _confirm(state: State, intent: Obj, params: Obj) -> Obj:
    name = params.get("payment_method") or intent["payment_method"]
    if name is None and intent["status"] in confirming.CONFIRMABLE:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken."
        )
        raise unexpected_state(intent, message)
    off_session = params.get("off_session", "false") != "false"
    confirming.confirm(state, intent, name or "", off_session=off_session)
    return intent


def _cancel(state: State, call: Call) -> Obj:
    intent = find(state.payment_intents, call.id, param="intent")
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


_REASONS = one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")
ROUTES = {
    ("POST", "/v1/payment_intents"): Route(_create, {**_FIELDS, **_ON_CONFIRM, **_ONLY_CREATE}),
    ("GET", "/v1/payment_intents"): many("payment_intents", "customer"),
    ("GET", "/v1/payment_intents/{id}"): Route(_get, {**EXPAND, "client_secret": text}),
    ("POST", "/v1/payment_intents/{id}"): Route(_update, _FIELDS),
    ("POST", "/v1/payment_intents/{id}/confirm"): Route(
        _confirm_call,
        {
            **EXPAND,
            **_ON_CONFIRM,
            **{name: _FIELDS[name] for name in ("payment_method", *_SET_ON_CONFIRM)},
            "client_secret": text,
        },
    ),
    ("POST", "/v1/payment_intents/{id}/cancel"): Route(_cancel, {**EXPAND, "cancellation_reason": _REASONS}),
}

"""Refunds as the API offers them."""

from sandbox.events import events
from sandbox.request import money
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError, invalid
from sandbox.request.lookup import find, many, one
from sandbox.request.params import (
    EXPAND,
    Spec,
    boolean,
    merged_metadata,
    metadata,
    one_of,
    positive,
    text,
    unplayed,
)
from sandbox.reversals import dispute_life, fraud_warnings, refund_life
from sandbox.store.shelf import Obj
from sandbox.store.state import State, snapshot

_CREATE: Spec = {
    **EXPAND,
    "amount": positive,
    # Of a customer's balance, which the sandbox doesn't play.
    **dict.fromkeys(("currency", "customer", "origin"), unplayed),
    "charge": text,
    "instructions_email": text,
    "metadata": metadata,
    "payment_intent": text,
    "reason": one_of("duplicate", "fraudulent", "requested_by_customer"),
    "refund_application_fee": boolean,
    "reverse_transfer": boolean,
}


def refund_charge(state: State, charge: Obj, params: Obj) -> Obj:
    """Check what Stripe checks, then make the refund."""
    if dispute_life.blocks_refund(state, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left <= 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount > left:
        raise _too_much(amount, left, charge["currency"])
    money.check_step(amount, charge["currency"])
    labels = merged_metadata({}, params.get("metadata"))
    refund = refund_life.make(state, charge, amount, reason=params.get("reason"), metadata=labels)
    if charge["refunded"]:
        dispute_life.close_refunded_inquiries(state, charge)
        fraud_warnings.settle(state, charge)
    return refund


def _too_much(amount: int, left: int, currency: str) -> StripeError:
    asked, there = money.words(amount, currency), money.words(left, currency)
    message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({there})"
    return StripeError(message, param="amount")


def _create(state: State, call: Call) -> Obj:
    return refund_charge(state, _charge_for(state, call.params), call.params)


def _charge_for(state: State, params: Obj) -> Obj:
    if params.get("charge"):
        charge = find(state.charges, params["charge"], param="charge")
        if charge["status"] != "succeeded":
            message = f"Charge {charge['id']} is not refundable."
            raise StripeError(message, code="charge_not_refundable")
        return charge
    if not params.get("payment_intent"):
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise invalid(message, "payment_intent", "parameter_missing")
    return charge_of_intent(state, params["payment_intent"])


def charge_of_intent(state: State, id_: str) -> Obj:
    """The intent's successful charge, or Stripe's error."""
    intent = find(state.payment_intents, id_, param="payment_intent")
    if intent["status"] != "succeeded":
        message = f"This PaymentIntent ({id_}) does not have a successful charge to refund."
        raise StripeError(message)
    return find(state.charges, intent["latest_charge"])


def _update(state: State, call: Call) -> Obj:
    refund = find(state.refunds, call.id)
    before = snapshot(refund)
    refund["metadata"] = merged_metadata(refund["metadata"], call.params.get("metadata"))
    if refund != before:
        events.emit(state, "refund.updated", refund, before=before)
        events.emit(state, "charge.refund.updated", refund, before=before)
    return refund


def _cancel(state: State, call: Call) -> Obj:
    find(state.refunds, call.id)
    raise StripeError("Canceling this refund is unsupported.")


ROUTES = {
    ("POST", "/v1/refunds"): Route(_create, _CREATE),
    ("GET", "/v1/refunds"): many("refunds", "payment_intent", "charge"),
    ("GET", "/v1/refunds/{id}"): one("refunds"),
    ("POST", "/v1/refunds/{id}"): Route(_update, {**EXPAND, "metadata": metadata}),
    ("POST", "/v1/refunds/{id}/cancel"): Route(_cancel, EXPAND),
}

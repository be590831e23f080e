"""What happens when a PaymentIntent is confirmed: the test card's story."""

from sandbox.cards import cards
from sandbox.cards.card_stories import Card, Refusal
from sandbox.events import events
from sandbox.paying import charges
from sandbox.request.errors import StripeError, unexpected_state
from sandbox.request.lookup import find
from sandbox.reversals import dispute_life, fraud_warnings, refund_life
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text, snapshot

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_AUTHENTICATION = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
_NOT_AUTHENTICATED = Refusal(
    "payment_intent_authentication_failure",
    None,
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data "
    "or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
)


def confirm(state: State, intent: Obj, name: str, *, off_session: bool = False) -> None:
    """Try to pay. A declined card raises the error after the attempt is recorded."""
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state(intent, _cannot_confirm(intent))
    method = cards.method_for(state, name)
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = intent["next_action"] = None
    card = cards.card_of(state, method["id"])
    if card.authentication:
        _ask_customer(state, intent, card, off_session)
    elif card.kind != "card":
        _wait_for_bank(state, intent, card)
    elif card.refusal:
        raise _decline(state, intent, card, card.refusal)
    else:
        succeed(state, intent, card)


def _cannot_confirm(intent: Obj) -> str:
    if intent["status"] == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded "
            "after being previously confirmed."
        )
    return (
        f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. "
        "Only a PaymentIntent with one of the following statuses may be confirmed: "
        "requires_confirmation, requires_action."
    )


def _ask_customer(state: State, intent: Obj, card: Card, off_session: bool) -> None:
    if off_session:
        raise _decline(state, intent, card, _AUTHENTICATION)
    intent["status"] = "requires_action"
    intent["next_action"] = {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure_redirect", "source": new_id("src")},
    }
    events.emit(state, "payment_intent.requires_action", intent)


def authenticate(state: State, intent: Obj, *, passed: bool) -> None:
    """The customer finishes 3-D Secure on the phone."""
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "This PaymentIntent doesn't wait for authentication.")
    intent["next_action"] = None
    card = cards.card_of(state, intent["payment_method"])
    if passed:
        succeed(state, intent, card)
    else:
        raise _decline(state, intent, card, _NOT_AUTHENTICATED, charged=False)


def _wait_for_bank(state: State, intent: Obj, card: Card) -> None:
    intent["status"] = "processing"
    events.emit(state, "payment_intent.processing", intent)
    state.clock.soon(lambda: _hear_from_bank(state, intent, card))


def _hear_from_bank(state: State, intent: Obj, card: Card) -> None:
    if intent["status"] != "processing":
        return
    if card.refusal:
        _decline(state, intent, card, card.refusal)
    else:
        succeed(state, intent, card)


def succeed(state: State, intent: Obj, card: Card) -> None:
    """The money came in. Disputes of a disputed card come before the intent's own event."""
    charge = charges.make(state, intent, card, "succeeded", None)
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["latest_charge"] = charge["id"]
    events.emit(state, "charge.succeeded", charge)
    before = snapshot(charge)
    charges.book(state, charge)
    refund_life.pay_waiting(state)
    if intent["setup_future_usage"] and intent["customer"]:
        cards.keep(state, find(state.payment_methods, intent["payment_method"]), intent["customer"])
    for complaint in card.disputes:
        dispute_life.start(state, charge, complaint)
    if card.fraud_warning:
        fraud_warnings.issue(state, charge)
    events.emit(state, "payment_intent.succeeded", intent)
    events.emit(state, "charge.updated", charge, before=before)


def _decline(state: State, intent: Obj, card: Card, refusal: Refusal, *, charged: bool = True) -> StripeError:
    error = _error(state, intent, refusal)
    if charged:
        charge = charges.make(state, intent, card, "failed", refusal)
        intent["latest_charge"] = error["charge"] = charge["id"]
        events.emit(state, "charge.failed", charge)
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["last_payment_error"] = error
    events.emit(state, "payment_intent.payment_failed", intent)
    return _raised(error, snapshot(intent))


def _error(state: State, intent: Obj, refusal: Refusal) -> Obj:
    kind = "card_error" if refusal is not _NOT_AUTHENTICATED else "invalid_request_error"
    error = {
        "code": refusal.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{refusal.code.replace('_', '-')}",
        "message": refusal.message,
        "payment_method": state.payment_methods.get(intent["payment_method"]),
        "type": kind,
    }
    if refusal.decline_code:
        error["decline_code"] = refusal.decline_code
    return error


def _raised(error: Obj, intent: Obj) -> StripeError:
    more = {k: v for k, v in error.items() if k not in ("message", "type", "code", "doc_url")}
    return StripeError(
        error["message"],
        status=402 if error["type"] == "card_error" else 400,
        type_=error["type"],
        code=error["code"],
        payment_intent=intent,
        request_log_url=f"https://dashboard.stripe.com/test/logs/req_{secret_text(14)}",
        **more,
    )

"""Money came in, or did not: what a PaymentIntent's state means for the payment and its booking."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from bookings import lifecycle
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core.storage import rows
from core.storage.rows import Where
from payments import gateway, ours
from payments.books import statement
from payments.events import event_handlers
from payments.events.event_handlers import Event, NotYet
from payments.models import Payment, PaymentStatus, TransactionKind

Intent = dict[str, Any]
# Not Stripe's word for any one of them: which bank it was isn't told until it has paid.
BANK_DEBIT = "bank"


def apply_event(event: Event, _: Any, now: datetime) -> str:
    """Apply a payment_intent.* event from what it carries: states only move forward."""
    return apply_intent(event.object, by=event.by, now=now, at=event.created)


def apply_intent(intent: Intent, *, by: By, now: datetime, at: datetime) -> str:
    """Bring our payment to where this PaymentIntent is; `at` is when we know it got there (UTC).

    Returns what changed, or "". Raises NotYet for an intent with our mark whose payment we don't have.
    """
    try:
        with story_of(booking_of(intent["id"], _our_key(intent)), by=by, now=now) as story:
            payment = _payment_for(story, intent)
            return apply_to(story, payment, intent, at=at) if payment else ""
    except Booking.DoesNotExist:
        if ours.is_marked(intent, ours.PAYMENT):
            raise NotYet(f"no payment for {intent['id']}") from None
        return ""


def apply_to(story: Story, payment: Payment, intent: Intent, *, at: datetime) -> str:
    """Move a payment under its booking's lock; see apply_intent."""
    status = intent["status"]
    if status == "succeeded" and payment.status != PaymentStatus.SUCCEEDED:
        return _receive(story, payment, intent, at)
    if status == "canceled" and payment.status in Payment.UNPAID:
        story.move(payment, PaymentStatus.CANCELED)
        return "payment cancelled"
    if status == "processing" and payment.status == PaymentStatus.OPEN:
        # A card's payment never waits for a bank.
        story.move(payment, PaymentStatus.PROCESSING, method=payment.method or BANK_DEBIT)
        return "payment processing"
    if status == "requires_payment_method" and (error := intent.get("last_payment_error")):
        return _declined(story, payment, str(error.get("code") or "declined"))
    return ""


def _receive(story: Story, payment: Payment, intent: Intent, at: datetime) -> str:
    amount = int(intent.get("amount_received") or intent["amount"])
    currency = intent["currency"]
    as_asked = (amount, currency) == (story.booking.amount, story.booking.currency)
    charge = intent.get("latest_charge")
    method = _method(charge) or payment.method
    at = _paid_at(charge, method, at)
    keep = as_asked and lifecycle.can_confirm(story, paid_at=at)
    story.move(
        payment,
        PaymentStatus.SUCCEEDED,
        orphaned=not keep,
        paid_at=at,
        method=method,
        stripe_charge_id=gateway.id_of(charge),
    )
    statement.write(
        story,
        payment.pk,
        TransactionKind.PAYMENT,
        amount=amount,
        currency=currency,
        stripe_id=intent["id"],
        at=at,
    )
    if keep:
        lifecycle.confirm(story)
        return "paid, booking confirmed"
    event_handlers.send_back(story, payment)
    return "paid where it can't stay, goes back"


def _method(charge: Any) -> str | None:
    """What paid, if Stripe was asked for the charge, too."""
    details = charge.get("payment_method_details") if isinstance(charge, dict) else None
    return str(details["type"])[:32] if details and details.get("type") else None


def _paid_at(charge: Any, method: str | None, at: datetime) -> datetime:
    """A card pays when its charge is made, which Stripe tells if asked; a bank, days after that."""
    is_card = method in (None, "card")
    return datetime.fromtimestamp(charge["created"], UTC) if is_card and isinstance(charge, dict) else at


def _declined(story: Story, payment: Payment, code: str) -> str:
    """The customer may try another card: not the end of the payment."""
    is_known = payment.status == PaymentStatus.OPEN and payment.last_error == code[:64]
    if payment.status not in Payment.UNPAID or is_known:
        return ""
    if payment.status == PaymentStatus.PROCESSING:
        story.move(payment, PaymentStatus.OPEN, why={"code": code}, method=None)
    else:
        story.record("payment.declined", id=str(payment.pk), code=code)
    rows.change(Payment, {"pk": payment.pk}, {"last_error": code[:64]})
    return f"declined: {code}"


def booking_of(intent: str, key: uuid.UUID | None = None) -> Where:
    """Name the booking of an intent: by Stripe's id, or by our key if that was never saved."""
    by_id = "SELECT 1 FROM payments_payment WHERE stripe_payment_intent_id = %s"
    either = f"stripe_payment_intent_id = %s OR (id = %s AND NOT EXISTS ({by_id}))"
    found = f"SELECT booking_id FROM payments_payment WHERE {either}"  # noqa: S608 - no value is in it
    return Where(f"id IN ({found})", (intent, Payment._meta.pk.get_db_prep_value(key, connection), intent))


def _payment_for(story: Story, intent: Intent) -> Payment | None:
    payments = rows.read(Payment, Where("booking_id = %s", (story.booking.pk,)))
    for payment in payments:
        if payment.stripe_payment_intent_id == intent["id"]:
            return payment
    return _adopt(story, payments, intent)


def _adopt(story: Story, payments: Iterable[Payment], intent: Intent) -> Payment | None:
    """Find a place for an intent with our mark that we never saved.

    Either the process died between creating and saving it, or it is a second one (paid twice): that gets
    a row of its own once it brought money.
    """
    key = _our_key(intent)
    for payment in payments:
        if payment.pk == key and payment.stripe_payment_intent_id is None:
            Payment.objects.filter(pk=key).update(stripe_payment_intent_id=intent["id"])
            return payment
    if intent["status"] != "succeeded":
        return None
    payment = Payment(
        booking=story.booking,
        amount=intent["amount"],
        currency=intent["currency"],
        status=PaymentStatus.CANCELED,
        stripe_payment_intent_id=intent["id"],
        created_at=story.now,
    )
    payment.save(force_insert=True)
    story.record("payment.found", id=str(payment.pk), intent=intent["id"])
    return payment


def _our_key(intent: Intent) -> uuid.UUID | None:
    return ours.key_of(intent, ours.PAYMENT)

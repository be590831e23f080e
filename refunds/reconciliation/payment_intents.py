"""Payments: each PaymentIntent against our Payment and its line in the statement."""

import uuid
from collections.abc import Iterator
from typing import Any

from bookings.audit import By
from payments import capture, gateway, ours
from payments.models import Payment, PaymentStatus, PaymentTransaction, TransactionKind
from refunds.models.reconciliation import Kind
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Clock

RECONCILE = By("stripe", "reconcile")
OURS = {
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELED,
    "processing": PaymentStatus.PROCESSING,
}


def compare(page: list[Object]) -> Iterator[Difference]:
    """Intents that are neither known nor marked as ours belong to others."""
    ids = [intent["id"] for intent in page]
    known = {p.stripe_payment_intent_id: p for p in Payment.objects.filter(stripe_payment_intent_id__in=ids)}
    marks = [mark for mark in map(mark_of, page) if mark]
    marked: dict[uuid.UUID | None, Payment] = {p.pk: p for p in Payment.objects.filter(pk__in=marks)}
    lines = {line.stripe_id: line for line in _lines(ids)}
    for intent in page:
        if payment := known.get(intent["id"]):
            yield from _compare(payment, intent, lines.get(intent["id"]))
            continue
        payment = marked.get(mark_of(intent))
        if payment or ours.is_marked(intent, ours.PAYMENT):
            yield from _unknown(payment, intent)


def mark_of(intent: Object) -> uuid.UUID | None:
    """The id of our Payment that this intent or charge was marked with."""
    return ours.key_of(intent, ours.PAYMENT)


def _lines(ids: list[str]) -> Any:
    return PaymentTransaction.objects.filter(kind=TransactionKind.PAYMENT, stripe_id__in=ids)


def _unknown(marked: Payment | None, intent: Object) -> Iterator[Difference]:
    """Never saved here, a second one for the same payment, or lost with a database."""
    adoptable = marked is not None and marked.stripe_payment_intent_id is None
    if adoptable or (intent["status"] == "succeeded" and not is_given_back(intent.get("latest_charge"))):
        booking = marked.booking_id if marked else None
        yield _difference(Kind.MISSING_HERE, intent, None, money(intent), booking)


def is_given_back(charge: Any) -> bool:
    """Whether all of it was refunded: of a payment that we lost nothing is left to see to."""
    return isinstance(charge, dict) and bool(charge["refunded"])


def _compare(payment: Payment, intent: Object, line: PaymentTransaction | None) -> Iterator[Difference]:
    expected = OURS.get(intent["status"], PaymentStatus.OPEN)
    if payment.status != expected:
        yield _difference(Kind.STATE, intent, payment.status, intent["status"], payment.booking_id)
    elif expected == PaymentStatus.SUCCEEDED:
        ours = f"{line.amount} {line.currency}" if line else None
        if ours != money(intent):
            yield _difference(Kind.AMOUNT, intent, ours, money(intent), payment.booking_id)


def money(intent: Object) -> str:
    return f"{intent['amount_received']} {intent['currency']}"


def _difference(kind: Kind, intent: Object, ours: Any, theirs: Any, booking: int | None) -> Difference:
    return Difference(kind, intent["id"], ours, theirs, booking, PAYMENT_INTENT.name, _reference(intent))


def _reference(intent: Object) -> dict[str, str]:
    """The booking's reference as Stripe remembers it: all that is left if the booking is lost."""
    reference = (intent.get("metadata") or {}).get("booking")
    return {"booking": reference[:20]} if reference else {}


def heal(intent: Object, clock: Clock) -> None:
    """Apply it as its webhook would have been; one that we closed and that can still be paid is closed."""
    closed = Payment.objects.filter(
        stripe_payment_intent_id=intent["id"], status=PaymentStatus.CANCELED
    ).exists()
    if closed and intent["status"] not in OURS:
        gateway.cancel_intent(intent["id"])
    else:
        capture.apply_intent(intent, by=RECONCILE, now=clock(), at=clock())


PAYMENT_INTENT = Subject("payment_intent", compare, heal, gateway.retrieve_intent)

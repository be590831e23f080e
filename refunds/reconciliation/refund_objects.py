"""Refunds: each of Stripe's against our record and its lines in the statement."""

from collections.abc import Iterable, Iterator
from typing import Any

from bookings.models import BookingStatus
from payments import gateway, ours
from payments.models import Payment, PaymentTransaction, TransactionKind
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.models.reconciliation import Kind
from refunds.reconciliation.payment_intents import RECONCILE
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Clock
from refunds.sending import matching, settlement

Lines = dict[tuple[str, str], PaymentTransaction]


def compare(page: list[Object]) -> Iterator[Difference]:
    """Refunds of payments that we neither know nor marked belong to others."""
    ids = [refund["id"] for refund in page]
    intents = {str(refund.get("payment_intent") or "") for refund in page}
    bookings = dict(
        Payment.objects.filter(stripe_payment_intent_id__in=intents).values_list(
            "stripe_payment_intent_id", "booking_id"
        )
    )
    records = {record.stripe_refund_id: record for record in _records(ids)}
    lines = {(line.kind, line.stripe_id): line for line in _lines(ids)}
    for refund in page:
        booking = bookings.get(refund.get("payment_intent"))
        if record := records.get(refund["id"]):
            yield from _compare(record, refund, lines)
        elif (booking or is_marked(refund)) and not is_over(refund, booking):
            yield _difference(Kind.MISSING_HERE, refund, None, money(refund), booking)


def is_over(refund: Object, booking: int | None) -> bool:
    """Whether it ended and another attempt followed: our mark tells, or the booking's trail."""
    if not matching.has_ended(refund):
        return False
    return is_marked(refund) or (booking is not None and matching.is_over(booking, refund))


def is_marked(refund: Object) -> bool:
    """Whether it was made here, even if we lost the record of it."""
    return ours.is_marked(refund, ours.REFUND)


def _records(ids: list[str]) -> Iterable[RefundRecord]:
    return RefundRecord.objects.filter(stripe_refund_id__in=ids).select_related("booking")


def _lines(ids: list[str]) -> Iterable[PaymentTransaction]:
    kinds = (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)
    return PaymentTransaction.objects.filter(kind__in=kinds, stripe_id__in=ids)


def _compare(record: RefundRecord, refund: Object, lines: Lines) -> Iterator[Difference]:
    expected = settlement.OURS.get(refund["status"], RefundStatus.PENDING)
    ours, theirs = f"{record.amount} {record.currency}", money(refund)
    if record.status != expected and not _was_retried(record, refund):
        yield _difference(Kind.STATE, refund, record.status, refund["status"], record.booking_id)
    elif ours != theirs:
        yield _difference(Kind.AMOUNT, refund, ours, theirs, record.booking_id)
    elif (told := _told(refund, lines)) != (moved := _moved(refund)):
        yield _difference(Kind.AMOUNT, refund, told, moved, record.booking_id)
    elif is_marked(refund) and _is_lost(record, refund):
        yield _difference(Kind.RECORD_LOST, refund, None, theirs, record.booking_id)


def _was_retried(record: RefundRecord, refund: Object) -> bool:
    """An attempt that ended and was answered by staff: the record has moved on since."""
    return matching.has_ended(refund) and record.status not in settlement.FORWARD


def _is_lost(record: RefundRecord, refund: Object) -> bool:
    """We made it for a record that is gone, and the cancellation behind it is gone, too."""
    is_its_own = refund["metadata"]["refund_record"] == str(record.pk)
    is_stranger = record.rule == RefundRule.DASHBOARD and not is_its_own
    return is_stranger and record.booking.status != BookingStatus.CANCELLED


def _told(refund: Object, lines: Lines) -> int:
    kinds = (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)
    return sum(lines[kind, refund["id"]].amount for kind in kinds if (kind, refund["id"]) in lines)


def _moved(refund: Object) -> int:
    """What is out in the end: one that came back, or never left, is nothing."""
    return -refund["amount"] if refund["status"] == "succeeded" else 0


def money(refund: Object) -> str:
    return f"{refund['amount']} {refund['currency']}"


def _difference(kind: Kind, refund: Object, ours: Any, theirs: Any, booking: int | None) -> Difference:
    return Difference(kind, refund["id"], ours, theirs, booking, REFUND.name)


def heal(refund: Object, clock: Clock) -> None:
    """Apply it as its webhook would have been."""
    intent = str(refund.get("payment_intent") or "")
    settlement.apply_refunds(intent, [refund], by=RECONCILE, now=clock())


REFUND = Subject("refund", compare, heal, gateway.retrieve_refund)

"""Cancel a booking: the slot is freed and what is owed is written down, both or neither."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bookings import lifecycle, messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking, BookingStatus
from core import jobs
from core.errors import DomainError
from payments.models import Payment
from refunds import interlock, policy
from refunds.account import kept_payment, owed
from refunds.models import RefundRecord, RefundRule, RefundStatus

CANCELLATION_RULES = (
    RefundRule.IN_TIME,
    RefundRule.TOO_LATE,
    RefundRule.NOTHING_PAID,
    RefundRule.BUSINESS_CANCELLED,
)


@dataclass(frozen=True)
class Quote:
    """What cancelling would give back, in minor units, and on what terms."""

    booking: Booking
    cancellable: bool
    terms: policy.Terms
    decision: policy.Decision


@dataclass(frozen=True)
class Cancelled:
    """A cancelled booking and its record; there is none when nothing was paid."""

    booking: Booking
    record: RefundRecord | None


class RefundChanged(Exception):
    """The customer agreed to another amount: nothing is cancelled until they have seen this quote."""

    def __init__(self, quote: Quote) -> None:
        super().__init__("refund_changed")
        self.quote = quote


def quote(booking: Booking, *, now: datetime, by_business: bool = False) -> Quote:
    """Say what cancelling now would give back; changes nothing."""
    try:
        lifecycle.refuse_unless_cancellable(booking, now)
        cancellable = True
    except DomainError:
        cancellable = False
    terms = _terms(booking, kept_payment(booking), by_business, now)
    return Quote(booking, cancellable, terms, policy.decide(terms))


def cancel_booking(
    bookings: QuerySet[Booking],
    *,
    by: By,
    now: datetime,
    reason: str = "",
    expected_refund: int | None = None,
    by_business: bool = False,
) -> Cancelled:
    """Cancel the one booking that the query names; a cancelled one gives the same answer again.

    Raises Booking.DoesNotExist, or DomainError (not_cancellable, already_started) or RefundChanged.
    """
    with story_of(bookings, by=by, now=now) as story:
        booking = story.booking
        if booking.status == BookingStatus.CANCELLED:
            return Cancelled(booking, record_of(booking))
        lifecycle.refuse_unless_cancellable(booking, now)
        payment = kept_payment(booking)
        terms = _terms(booking, payment, by_business, now)
        decision = policy.decide(terms)
        if expected_refund is not None and expected_refund != decision.amount:
            raise RefundChanged(Quote(booking, True, terms, decision))
        shown = {} if expected_refund is None else {"shown": expected_refund}
        lifecycle.cancel(story, why={"rule": str(decision.rule), "refund": decision.amount, **shown})
        record = _write_down(story, payment, terms, decision, reason) if payment else None
        _tell_customer(story, decision, record)
    return Cancelled(booking, record)


def record_of(booking: Booking) -> RefundRecord | None:
    """The record of a booking's cancellation."""
    return booking.refunds.filter(rule__in=CANCELLATION_RULES).first()


def _terms(booking: Booking, payment: Payment | None, by_business: bool, now: datetime) -> policy.Terms:
    sums = owed(payment) if payment else None
    return policy.Terms(
        starts_at=booking.starts_at,
        refund_notice=booking.refund_notice,
        refundable_until=booking.refundable_until,
        paid=sums.paid if sums else 0,
        refundable=sums.refundable if sums else 0,
        by_business=by_business,
        now=now,
    )


def _write_down(
    story: Story, payment: Payment, terms: policy.Terms, decision: policy.Decision, reason: str
) -> RefundRecord:
    held = decision.amount > 0 and interlock.chargeback_of(payment) is not None
    status = RefundStatus.NOT_DUE
    if decision.amount > 0:
        status = RefundStatus.ON_HOLD if held else RefundStatus.QUEUED
    record = open_record(
        story,
        payment,
        amount=decision.amount,
        rule=decision.rule,
        status=status,
        decision=policy.receipt(terms, decision),
        reason=reason,
        held_for="dispute" if held else "",
    )
    if held:
        interlock.enforce(story, payment.pk)  # it may be lost already
        record.refresh_from_db()
    return record


def open_record(
    story: Story,
    payment: Payment,
    *,
    amount: int,
    rule: RefundRule,
    status: RefundStatus,
    decision: dict[str, object],
    reason: str = "",
    held_for: str = "",
    currency: str = "",
    key: uuid.UUID | None = None,
) -> RefundRecord:
    """Write down what is owed (minor units), and wake the worker if it may go out.

    The database refuses more than was paid, and a second record with the same `key` (IntegrityError).
    """
    record = RefundRecord(
        id=key or uuid.uuid4(),
        booking=story.booking,
        payment=payment,
        amount=amount,
        currency=currency or payment.currency,
        status=status,
        rule=rule,
        decision=decision,
        requested_by=story.by.actor,
        requested_at=story.now,
        reason=reason,
        request_id=story.request_id,
        held_for=held_for,
    )
    record.save(force_insert=True)
    story.record(
        f"refund.{status}", id=str(record.pk), rule=str(rule), amount=amount, currency=record.currency
    )
    if status == RefundStatus.QUEUED:
        jobs.wake()
    return record


def _tell_customer(story: Story, decision: policy.Decision, record: RefundRecord | None) -> None:
    messages.enqueue(
        story,
        "booking_cancelled",
        rule=str(decision.rule),
        refund=decision.amount,
        currency=story.booking.currency,
        disputed=record is not None and record.held_for == "dispute",
    )

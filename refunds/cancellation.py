"""Cancel a booking: the slot is freed and what is owed is written down, both or neither."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bookings import lifecycle, messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking, BookingStatus
from core.errors import DomainError
from payments.models import Payment, PaymentStatus
from refunds import account, approval, attempts, interlock, policy
from refunds.account import kept_payment
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.opening import open_record

CANCELLATION_RULES = (
    RefundRule.IN_TIME,
    RefundRule.TOO_LATE,
    RefundRule.NOTHING_PAID,
    RefundRule.BUSINESS_CANCELLED,
)


@dataclass(frozen=True)
class Quote:
    """What cancelling would give back, in minor units, and on what terms.

    A payment that the bank is still processing isn't paid yet: all of it goes back once it arrives.
    """

    booking: Booking
    cancellable: bool
    terms: policy.Terms
    decision: policy.Decision
    is_processing: bool = False


@dataclass(frozen=True)
class Cancelled:
    """A cancelled booking and its record; there is none when nothing was paid."""

    booking: Booking
    record: RefundRecord | None
    is_processing: bool = False


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
    return Quote(booking, cancellable, terms, policy.decide(terms), _is_processing(booking))


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
            return Cancelled(booking, record_of(booking), _is_processing(booking))
        lifecycle.refuse_unless_cancellable(booking, now)
        payment = kept_payment(booking)
        terms = _terms(booking, payment, by_business, now)
        decision = policy.decide(terms)
        if expected_refund is not None and expected_refund != decision.amount:
            raise RefundChanged(Quote(booking, True, terms, decision, _is_processing(booking)))
        shown = {} if expected_refund is None else {"shown": expected_refund}
        lifecycle.cancel(story, why={"rule": str(decision.rule), "refund": decision.amount, **shown})
        record = _write_down(story, payment, terms, decision, reason) if payment else None
        done = Cancelled(booking, record, _is_processing(booking))
        _tell_customer(story, decision, done)
    return done


def _is_processing(booking: Booking) -> bool:
    return booking.payments.filter(status=PaymentStatus.PROCESSING).exists()


def record_of(booking: Booking) -> RefundRecord | None:
    """The record of a booking's cancellation."""
    return booking.refunds.filter(rule__in=CANCELLATION_RULES, rest_of=None).first()


def _terms(booking: Booking, payment: Payment | None, by_business: bool, now: datetime) -> policy.Terms:
    sums = account.of(payment) if payment else None
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
    if decision.rule in account.EVERYTHING_BACK:
        _supersede_goodwill(story, payment)
    asked_by = _whose_decision(payment, terms, decision, story.by)
    status, held_for = _state(payment, decision, asked_by)
    record = open_record(
        story,
        payment,
        amount=decision.amount,
        rule=decision.rule,
        status=status,
        decision=policy.receipt(terms, decision),
        reason=reason,
        held_for=held_for,
        asked_by=asked_by,
    )
    interlock.enforce_for(story, payment)  # a dispute may be lost already
    record.refresh_from_db()
    return record


def _whose_decision(payment: Payment, terms: policy.Terms, decision: policy.Decision, by: By) -> str:
    """Who of the staff decided to give so much back that a second person has to agree; "" for nobody."""
    is_staff = terms.by_business and by.actor.startswith("staff:")
    return by.actor if is_staff and approval.is_needed(payment, decision.amount) else ""


def _state(payment: Payment, decision: policy.Decision, asked_by: str) -> tuple[RefundStatus, str]:
    """Whether it may go out, or what it is held for."""
    if not decision.amount:
        return RefundStatus.NOT_DUE, ""
    if interlock.chargeback_of(payment):
        return RefundStatus.ON_HOLD, "dispute"
    return (RefundStatus.ON_HOLD, "approval") if asked_by else (RefundStatus.QUEUED, "")


def _supersede_goodwill(story: Story, payment: Payment) -> None:
    """Everything goes back: goodwill that hasn't gone out would be a part of it."""
    for record in payment.refunds.filter(rule=RefundRule.GOODWILL, status__in=account.NOT_OUT):
        if not account.is_uncertain(record):
            story.move(record, RefundStatus.SUPERSEDED, **attempts.released())


def _tell_customer(story: Story, decision: policy.Decision, done: Cancelled) -> None:
    record = done.record
    more: dict[str, Any] = {"processing": True} if done.is_processing and record is None else {}
    if record is not None and record.status == RefundStatus.NEEDS_ATTENTION:
        more["by_hand"] = True  # Stripe won't refund a payment whose chargeback was lost
    messages.enqueue(
        story,
        "booking_cancelled",
        rule=str(decision.rule),
        refund=decision.amount,
        currency=story.booking.currency,
        disputed=record is not None and record.held_for == "dispute",
        **more,
    )

"""What stands in the way of a refund, and what becomes of it: later, on hold, or a person must look."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bookings import messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core.work.lease import backoff
from payments import gateway, pace
from refunds.attempts import fits, is_hopeless, new_key, ours, released
from refunds.disputes import intake
from refunds.disputes import reading as disputes_read
from refunds.disputes.reading import Reading
from refunds.models import RefundRecord, RefundStatus
from refunds.sending import settlement

WORKER = By("system", "worker")
Clock = Callable[[], datetime]

DISPUTED = ("charge_disputed", "refund_disputed_payment")
LONGEST_PAUSE = 60.0


def hindered(record: RefundRecord, error: gateway.StripeFailure, clock: Clock) -> None:
    """Nothing was done at Stripe: refused, busy, misconfigured, or it couldn't even be asked."""
    if isinstance(error, gateway.Refused):
        refused(record, error, clock)
    else:
        try_later(record, error, clock(), to=RefundStatus.QUEUED)


def refused(record: RefundRecord, error: gateway.Refused, clock: Clock) -> None:
    """A definite no: a dispute holds it, or it was refunded otherwise, or a person must look."""
    try:
        if error.code in DISPUTED:
            readings = disputes_read.read_of(record.payment)
            # Stripe keeps a refusal under its key: after the dispute another one is needed.
            disputed(record, readings, clock, **new_key(record))
            return
        with suppress(gateway.Refused):  # Stripe doesn't know the payment either
            learn(record, clock)
    except gateway.StripeFailure as failure:
        try_later(record, failure, clock(), to=RefundStatus.QUEUED)
    else:
        decide_again(record, error, clock())


def learn(record: RefundRecord, clock: Clock) -> None:
    """Ask Stripe for all refunds of the record's payment and take in what it has, in any status."""
    intent = record.payment.stripe_payment_intent_id or ""
    pace.wait_for_slot(clock)
    refunds = gateway.refunds_of(intent)
    if refunds:
        settlement.apply_refunds(intent, refunds, by=WORKER, now=clock())


def decide_again(record: RefundRecord, error: gateway.Refused, now: datetime) -> None:
    """Knowing all refunds of the payment: done, superseded, less is left, or a person must look."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        fresh = ours(story, record)
        if fresh is None:
            return
        before = fresh.amount
        if not fits(story, fresh):
            return
        if fresh.amount < before:
            story.move(fresh, RefundStatus.QUEUED, **released(now))
        else:
            give_up(story, fresh, error.code)


def try_later(record: RefundRecord, error: gateway.StripeFailure, now: datetime, *, to: RefundStatus) -> None:
    """Try again with the same key, later: as `unknown` if it may have been done, else as `queued`."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        fresh = ours(story, record)
        if fresh is not None:
            _put_off(story, fresh, error, to)
            if isinstance(error, gateway.Misconfigured):
                messages.alert_staff_daily("stripe_refuses_our_key", now=now, code=error.code)
    # A lock is one object's trouble; a rate limit is everybody's.
    if isinstance(error, gateway.Busy) and error.code != "lock_timeout":
        pace.slow_down(timedelta(seconds=min(error.retry_after or 1, LONGEST_PAUSE)), now=now)


def _put_off(story: Story, record: RefundRecord, error: gateway.StripeFailure, to: RefundStatus) -> None:
    if is_hopeless(record, story.now):
        # Stripe may have done it if the outcome of the last attempt isn't known.
        give_up(story, record, error.code, is_certain=RefundStatus.UNKNOWN not in (record.status, to))
        return
    wait = max(backoff(record.attempts), timedelta(seconds=error.retry_after or 0))
    later = released(story.now + wait) | {"last_error": error.code[:200]}
    if record.status == RefundStatus.UNKNOWN:
        # Looking it up failed: it stays unknown.
        RefundRecord.objects.filter(pk=record.pk).update(attempts=record.attempts + 1, **later)
    else:
        story.move(record, to, why={"code": error.code}, **later)


def disputed(record: RefundRecord, readings: Sequence[Reading], clock: Clock, **fields: Any) -> None:
    """Stripe speaks of a chargeback: back in line, where learning of the dispute holds the refund."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=clock()) as story:
        fresh = ours(story, record)
        if fresh is not None and is_hopeless(fresh, story.now):
            give_up(story, fresh, DISPUTED[0])
        elif fresh is not None:
            later = released(story.now + backoff(fresh.attempts))
            story.move(fresh, RefundStatus.QUEUED, why={"code": DISPUTED[0]}, **later, **fields)
    for reading in readings:
        # Read by somebody else at the same moment: nothing goes out without looking again.
        with suppress(intake.Overlapping):
            intake.apply(reading, by=WORKER, now=clock())


def give_up(story: Story, record: RefundRecord, code: str, *, is_certain: bool = True) -> None:
    """A person must look; customer and staff are told."""
    fields = released() | ({"first_sent_at": None} if is_certain else {})
    story.move(record, RefundStatus.NEEDS_ATTENTION, why={"code": code}, last_error=code[:200], **fields)
    facts: dict[str, Any] = {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}
    messages.enqueue(story, "refund_delayed", about=str(record.pk), **facts)
    messages.alert_staff(
        story, "refund_needs_attention", about=f"{record.pk}:{record.generation}", code=code, **facts
    )

"""What is due goes to Stripe: claimed under a lease, sent outside any transaction, written back fenced.

One key per attempt that Stripe hasn't refused. What may have been done is looked up before it is repeated.
"""

from datetime import datetime

import structlog
from structlog.contextvars import bound_contextvars

from bookings.audit import story_of
from bookings.models import Booking
from core.work import lease, stopping
from payments import cards, gateway, ours, pace
from refunds import attempts, interlock
from refunds.attempts import DUE
from refunds.disputes.reading import LiveDisputes
from refunds.models import RefundRecord, RefundStatus
from refunds.sending import setbacks, settlement
from refunds.sending.setbacks import WORKER, Clock

log = structlog.get_logger()

BATCH = 20


def submit_due(clock: Clock) -> int:
    """Send, look up or put aside up to BATCH records that are due, oldest first; returns how many."""
    if pace.is_paused(clock()):
        return 0
    due = RefundRecord.objects.filter(status__in=DUE).order_by("requested_at")
    records = lease.claim(due.select_related("payment"), now=clock(), limit=BATCH)
    live = LiveDisputes([record.payment for record in records], clock)
    for number, record in enumerate(records):
        if stopping.is_told() or pace.is_paused(clock()):
            lease.let_go(records[number:])
            return number
        try:
            # The worker goes on with the story of the request that caused the refund.
            with bound_contextvars(request_id=record.request_id):
                submit(record, live, clock)
        except Exception:
            # The lease runs out and the record is looked up; the others must not wait for that.
            log.exception("refund.submission_failed", record=str(record.pk))
    return len(records)


def submit(record: RefundRecord, live: LiveDisputes, clock: Clock) -> None:
    """Bring one claimed record further."""
    ready = prepare(record, clock())
    if ready is None or not still_ours(ready, clock):
        return
    try:
        if not may_go(ready, live, clock):
            return
    except gateway.StripeFailure as error:
        setbacks.hindered(ready, error, clock)
        return
    try:
        send(ready, clock)
    except gateway.Unclear as error:
        setbacks.try_later(ready, error, clock(), to=RefundStatus.UNKNOWN)
    except gateway.StripeFailure as error:
        setbacks.hindered(ready, error, clock)


def prepare(record: RefundRecord, now: datetime) -> RefundRecord | None:
    """Decide again under the lock and commit to sending; None if there is nothing to do now."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        fresh = attempts.ours(story, record)
        if fresh is None:
            return None
        if fresh.status == RefundStatus.SENDING:
            story.move(fresh, RefundStatus.UNKNOWN, why={"code": "the worker that sent it is gone"})
        if not fresh.payment.stripe_payment_intent_id:
            setbacks.give_up(story, fresh, "the payment was never at Stripe")
        elif fresh.status == RefundStatus.UNKNOWN:
            return fresh
        elif interlock.chargeback_of(fresh.payment):
            interlock.enforce(story, fresh.payment_id)
        elif attempts.fits(story, fresh):
            attempts.begin(story, fresh)
            return fresh
    return None


def may_go(record: RefundRecord, live: LiveDisputes, clock: Clock) -> bool:
    """Ask Stripe what has to be known before it is sent."""
    looked_up = not attempts.must_look_first(record, clock()) or look_up(record, clock)
    if not looked_up or not still_ours(record, clock):
        return False
    if chargebacks := live.against(record.payment):
        setbacks.disputed(record, chargebacks, clock)
        return False
    return True


def still_ours(record: RefundRecord, clock: Clock) -> bool:
    """Hold it for one more call to Stripe; False for a worker that was away for too long."""
    if lease.renew(record, now=clock()):
        return True
    log.warning("refund.lease_lapsed", record=str(record.pk))
    return False


def look_up(record: RefundRecord, clock: Clock) -> bool:
    """Take in all that Stripe has; returns whether this attempt is still to be sent.

    An `unknown` record of which Stripe has nothing is queued again: now it is certain.
    """
    setbacks.learn(record, clock)
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=clock()) as story:
        fresh = attempts.ours(story, record)
        if fresh is not None and fresh.status == RefundStatus.UNKNOWN:
            why = {"looked_up": "Stripe has none"}
            story.move(fresh, RefundStatus.QUEUED, why=why, **attempts.released(story.now))
    return fresh is not None and fresh.status == RefundStatus.SENDING


def send(record: RefundRecord, clock: Clock) -> None:
    """Create the refund at Stripe, marked as ours, and save what Stripe says of it."""
    intent = record.payment.stripe_payment_intent_id or ""
    pace.wait_to_refund(clock)
    if not still_ours(record, clock):
        return
    refund = gateway.create_refund(
        key=record.idempotency_key,
        intent=intent,
        amount=record.amount,
        metadata=ours.marked(refund_record=str(record.pk), generation=str(record.generation)),
    )
    cards.remember(record.payment, refund.get("charge"))
    settlement.apply_refunds(intent, [refund], by=WORKER, now=clock())

"""What is due goes to Stripe: claimed under a lease, sent outside any transaction, written back fenced.

One key per attempt that Stripe hasn't refused. What may have been done is looked up before it is repeated.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from bookings import mail
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from payments import gateway, lease, pace
from payments.backoff import backoff
from refunds import interlock, settlement
from refunds.interlock import LiveDisputes
from refunds.models import RefundRecord, RefundStatus
from refunds.owed import owed

log = structlog.get_logger()
WORKER = By("system", "worker")
Clock = Callable[[], datetime]

BATCH = 20
# Stripe keeps a key at least 24 h (STRIPE.md B4); an hour's margin for clocks.
KEY_LIFE = timedelta(hours=23)
KEEP_TRYING = timedelta(days=3)

DUE = (RefundStatus.QUEUED, RefundStatus.SENDING, RefundStatus.UNKNOWN)
DISPUTED = ("charge_disputed", "refund_disputed_payment")


def submit_due(clock: Clock) -> int:
    """Send, look up or put aside up to BATCH records that are due, oldest first; returns how many."""
    due = RefundRecord.objects.filter(status__in=DUE).order_by("requested_at")
    records = lease.claim(due.select_related("payment"), now=clock(), limit=BATCH)
    disputes = LiveDisputes([record.payment for record in records], clock)
    for record in records:
        try:
            # The worker goes on with the story of the request that caused the refund.
            with bound_contextvars(request_id=record.request_id):
                submit(record, disputes, clock)
        except Exception:
            # The lease runs out and the record is looked up; the others must not wait for that.
            log.exception("refund.submission_failed", record=str(record.pk))
    return len(records)


def submit(record: RefundRecord, disputes: LiveDisputes, clock: Clock) -> None:
    """Bring one claimed record further."""
    ready = prepare(record, clock())
    if ready is None:
        return
    try:
        if must_look_first(ready, clock()):
            look_up(ready, clock)
        if ready.status != RefundStatus.SENDING:
            return
        if disputes.block(ready.payment):
            disputed(ready, clock())
            return
    except gateway.StripeFailure as error:
        not_done(ready, error, clock(), sent=False)
        return
    try:
        send(ready, clock)
    except gateway.Refused as error:
        refused(ready, error, clock)
    except gateway.StripeFailure as error:
        not_done(ready, error, clock(), sent=isinstance(error, gateway.Unclear))


def prepare(record: RefundRecord, now: datetime) -> RefundRecord | None:
    """Decide again under the lock and commit to sending; None if there is nothing to do now."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        fresh = ours(story, record)
        if fresh is None:
            return None
        if fresh.status == RefundStatus.SENDING:
            story.move(fresh, RefundStatus.UNKNOWN, why={"code": "the worker that sent it is gone"})
        if fresh.status == RefundStatus.UNKNOWN:
            return fresh
        if interlock.chargeback_of(fresh.payment):
            hold(story, fresh)
        elif fits(story, fresh):
            story.move(
                fresh,
                RefundStatus.SENDING,
                attempts=fresh.attempts + 1,
                first_sent_at=fresh.first_sent_at or now,
                lease_until=now + lease.LEASE,
            )
            return fresh
    return None


def ours(story: Story, record: RefundRecord) -> RefundRecord | None:
    """Read the record again; None unless it is still due and its lease is ours."""
    fresh = story.booking.refunds.select_related("payment").get(pk=record.pk)
    return fresh if fresh.lease_token == record.lease_token and fresh.status in DUE else None


def fits(story: Story, record: RefundRecord) -> bool:
    """See that the payment still has room for it: somebody may have refunded at Stripe meanwhile."""
    sums = owed(record.payment)
    room = sums.paid - sums.refunded - (sums.on_its_way - record.amount)
    if room <= 0:
        story.move(record, RefundStatus.SUPERSEDED, **released())
        return False
    if room < record.amount:
        trim(story, record, room)
    return True


def trim(story: Story, record: RefundRecord, room: int) -> None:
    """What is left is what is owed. Another amount is another request, so it gets another key."""
    story.record("refund.trimmed", id=str(record.pk), amount=record.amount, to=room)
    changes = {"amount": room, "generation": record.generation + 1, "first_sent_at": None}
    RefundRecord.objects.filter(pk=record.pk).update(**changes)
    for name, value in changes.items():
        setattr(record, name, value)


def must_look_first(record: RefundRecord, now: datetime) -> bool:
    """Whether an earlier request may have gone through without the key protecting us from repeating it."""
    is_key_old = record.first_sent_at is not None and now - record.first_sent_at >= KEY_LIFE
    return record.status == RefundStatus.UNKNOWN or record.generation > 1 or is_key_old


def look_up(record: RefundRecord, clock: Clock) -> None:
    """Ask Stripe for all refunds of this payment and take in what it has, in any status.

    If ours isn't among them an `unknown` record is queued again: now it is certain.
    """
    learn(record, clock)
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=clock()) as story:
        fresh = ours(story, record)
        if fresh is not None and fresh.status == RefundStatus.UNKNOWN:
            why = {"looked_up": "Stripe has none"}
            story.move(fresh, RefundStatus.QUEUED, why=why, **released(story.now))
    record.refresh_from_db()


def learn(record: RefundRecord, clock: Clock) -> None:
    intent = record.payment.stripe_payment_intent_id or ""
    pace.wait_for_slot(clock)
    settlement.apply_refunds(intent, gateway.refunds_of(intent), by=WORKER, now=clock())


def send(record: RefundRecord, clock: Clock) -> None:
    """Create the refund at Stripe, marked as ours, and save what Stripe says of it."""
    intent = record.payment.stripe_payment_intent_id or ""
    pace.wait_for_slot(clock)
    refund = gateway.create_refund(
        key=record.idempotency_key,
        intent=intent,
        amount=record.amount,
        metadata={"refund_record": str(record.pk), "generation": str(record.generation)},
    )
    settlement.apply_refunds(intent, [refund], by=WORKER, now=clock())


def refused(record: RefundRecord, error: gateway.Refused, clock: Clock) -> None:
    """A definite no: a dispute holds it, or it was refunded otherwise, or a person must look."""
    if error.code in DISPUTED:
        disputed(record, clock())
        return
    try:
        learn(record, clock)
    except gateway.Refused:
        pass  # Stripe doesn't know the payment either
    except gateway.StripeFailure as failure:
        not_done(record, failure, clock(), sent=False)
        return
    decide_again(record, error, clock())


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


def not_done(record: RefundRecord, error: gateway.StripeFailure, now: datetime, *, sent: bool) -> None:
    """Not known to be done (`sent`), or known not to be: later, with the same key."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        fresh = ours(story, record)
        if fresh is None:
            return
        if is_hopeless(fresh, now):
            give_up(story, fresh, error.code)
        else:
            try_later(story, fresh, error, sent=sent)
    if isinstance(error, gateway.Busy):
        pace.slow_down(timedelta(seconds=error.retry_after or 1), now=now)


def try_later(story: Story, record: RefundRecord, error: gateway.StripeFailure, *, sent: bool) -> None:
    wait = max(backoff(record.attempts), timedelta(seconds=error.retry_after or 0))
    later = released(story.now + wait) | {"last_error": error.code[:200]}
    if record.status == RefundStatus.UNKNOWN:
        RefundRecord.objects.filter(pk=record.pk).update(attempts=record.attempts + 1, **later)
    else:
        to = RefundStatus.UNKNOWN if sent else RefundStatus.QUEUED
        story.move(record, to, why={"code": error.code}, **later)


def is_hopeless(record: RefundRecord, now: datetime) -> bool:
    return record.first_sent_at is not None and now - record.first_sent_at >= KEEP_TRYING


def disputed(record: RefundRecord, now: datetime) -> None:
    """Stripe knows of a chargeback; the dispute itself arrives by webhook or reconciliation."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=WORKER, now=now) as story:
        if fresh := ours(story, record):
            hold(story, fresh)


def hold(story: Story, record: RefundRecord) -> None:
    story.move(record, RefundStatus.ON_HOLD, held_for="dispute", **released())


def give_up(story: Story, record: RefundRecord, code: str) -> None:
    story.move(record, RefundStatus.NEEDS_ATTENTION, why={"code": code}, last_error=code[:200], **released())
    facts = {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}
    mail.enqueue(story, "refund_delayed", about=str(record.pk), **facts)
    mail.alert_staff(
        story, "refund_needs_attention", about=f"{record.pk}:{record.generation}", code=code, **facts
    )


def released(until: datetime | None = None) -> dict[str, Any]:
    """The lease given back, and when to try again."""
    return {"lease_token": None, "lease_until": None, "next_attempt_at": until}

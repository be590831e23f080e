"""One attempt to send a refund: whose it is, under which key, and whether it still fits the payment."""

from datetime import datetime, timedelta
from typing import Any

from bookings.audit import Story
from core.work import lease
from refunds import account
from refunds.models import RefundRecord, RefundStatus

DUE = (RefundStatus.QUEUED, RefundStatus.SENDING, RefundStatus.UNKNOWN)
# Stripe keeps a key at least 24 h (STRIPE.md B4); an hour's margin for clocks.
KEY_LIFE = timedelta(hours=23)
KEEP_TRYING = timedelta(days=3)
# Also where each refusal begins a new key: more than three days of hourly attempts.
MOST_ATTEMPTS = 100


def ours(story: Story, record: RefundRecord) -> RefundRecord | None:
    """Read the record again; None unless it is still due and its lease is ours."""
    fresh = story.booking.refunds.select_related("payment").get(pk=record.pk)
    return fresh if fresh.lease_token == record.lease_token and fresh.status in DUE else None


def begin(story: Story, record: RefundRecord) -> None:
    """Commit to sending: from here on a crash leaves the outcome unknown."""
    story.move(
        record,
        RefundStatus.SENDING,
        attempts=record.attempts + 1,
        first_sent_at=record.first_sent_at or story.now,
        lease_until=story.now + lease.LEASE,
    )


def fits(story: Story, record: RefundRecord) -> bool:
    """See that it is still owed: somebody may have refunded at Stripe meanwhile."""
    left = account.share_of(account.read(record.payment), record)
    if left <= 0:
        story.move(record, RefundStatus.SUPERSEDED, **released())
        return False
    if left < record.amount:
        trim(story, record, left)
    return True


def trim(story: Story, record: RefundRecord, left: int) -> None:
    """What is left is what is owed. Another amount is another request, so it gets another key."""
    story.record("refund.trimmed", id=str(record.pk), amount=record.amount, to=left)
    changes = {"amount": left, **new_key(record)}
    RefundRecord.objects.filter(pk=record.pk).update(**changes)
    for name, value in changes.items():
        setattr(record, name, value)


def afresh(record: RefundRecord) -> dict[str, Any]:
    """Fields for queueing again what failed, was canceled or given up: a new attempt under a new key.

    Stripe is asked before it is sent, so an earlier attempt that went through after all is found.
    """
    forgotten = {"stripe_refund_id": None, "settled_at": None, "failure_reason": "", "bank_reference": ""}
    return {**new_key(record), **forgotten, "attempts": 0, "last_error": "", "held_for": ""}


def new_key(record: RefundRecord) -> dict[str, Any]:
    """Fields for an attempt under a new key: Stripe refused the last one, or a person tries again."""
    return {"generation": record.generation + 1, "first_sent_at": None}


def must_look_first(record: RefundRecord, now: datetime) -> bool:
    """Whether an earlier request may have gone through without the key protecting us from repeating it."""
    # Asked for, not first sent: a database restored from a backup doesn't remember having sent it.
    is_key_old = now - record.requested_at >= KEY_LIFE
    return record.status == RefundStatus.UNKNOWN or record.generation > 1 or is_key_old


def is_hopeless(record: RefundRecord, now: datetime) -> bool:
    is_too_long = record.first_sent_at is not None and now - record.first_sent_at >= KEEP_TRYING
    return is_too_long or record.attempts >= MOST_ATTEMPTS


def released(until: datetime | None = None) -> dict[str, Any]:
    """The lease given back, and when to try again."""
    return {"lease_token": None, "lease_until": None, "next_attempt_at": until}

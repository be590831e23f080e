"""What all that staff do with refunds has in common: looked at again under the lock, and refused in words."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core.errors import DomainError
from core.money import in_words
from core.work import jobs
from refunds import account, attempts
from refunds.models import RefundRecord, RefundStatus


@contextmanager
def reopened(record: RefundRecord, by: By, now: datetime) -> Iterator[tuple[Story, RefundRecord]]:
    """The record as it is now, under its booking's lock; raises DomainError changed unless it is as seen."""
    with story_of(Booking.objects.filter(pk=record.booking_id), by=by, now=now) as story:
        fresh = story.booking.refunds.select_related("payment").get(pk=record.pk)
        if (fresh.status, fresh.generation) != (record.status, record.generation):
            raise DomainError(
                "changed",
                _("Meanwhile this refund is “%(status)s”.") % {"status": fresh.get_status_display()},
            )
        yield story, fresh


def move(story: Story, record: RefundRecord, to: RefundStatus, reason: str, **fields: Any) -> None:
    """Move it, and keep why beside it: free text goes to the record, never to the trail."""
    if reason.strip():
        fields["reason"] = f"{record.reason}\n{story.by.actor}: {reason.strip()}".strip()
    story.move(record, to, **attempts.released(), **fields)
    if to == RefundStatus.QUEUED:
        jobs.wake()


def refuse_unless(record: RefundRecord, allowed: Collection[str], done: str) -> None:
    """Raise DomainError not_possible in any other state."""
    if record.status not in allowed:
        state = record.get_status_display()
        raise DomainError(
            "not_possible",
            _("A refund that is “%(state)s” can't be %(done)s.") % {"state": state, "done": done},
        )


def waits_for(record: RefundRecord) -> str:
    """What a refund on hold waits for, in words."""
    return {
        "dispute": _("the dispute"),
        "approval": _("a second person"),
        "withdrawal": _("a second person to agree that it is withdrawn"),
        "staff": "staff",
    }[record.held_for]


def left_for(record: RefundRecord) -> int:
    """What is left to give of this record's amount; raises DomainError too_much if it is nothing."""
    left = account.share_of(account.read(record.payment), record)
    if left <= 0:
        raise DomainError("too_much", _("Nothing is left to give back: it was given in another way."))
    return left


def refuse_too_much(left: int, currency: str) -> None:
    """Raise DomainError too_much, saying what is left."""
    raise DomainError(
        "too_much",
        _("At most %(money)s can be given back from this payment.") % {"money": in_words(left, currency)},
    )


def required(reason: str) -> str:
    """The reason, or DomainError reason_missing."""
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why."), status=400)
    return reason.strip()

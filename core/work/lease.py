"""Claim due rows so that each is worked on by one worker at a time, and a dead worker's are taken up again.

A lease alone is not exactly-once (a paused process wakes up late), so what is written back is fenced by its
token, and what goes to Stripe by its idempotency key.
"""

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q

from core.storage import rows

Row = TypeVar("Row", bound=models.Model)

# What is claimed and not begun is soon free again if its worker dies. What is begun is held for longer than
# the slowest call to Stripe takes (payments/gateway/deadline.py), and renewed before each call.
CLAIM = timedelta(seconds=12)
LEASE = timedelta(seconds=40)
FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)


def free(now: datetime) -> Q:
    """Rows that are due and that nobody holds."""
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    return due & (Q(lease_until=None) | Q(lease_until__lt=now))


def claim(due: models.QuerySet[Row], *, now: datetime, limit: int) -> list[Row]:
    """Take up to `limit` of the rows for CLAIM; workers pass over each other's without waiting."""
    token = uuid.uuid4()
    with transaction.atomic():
        claimed = list(due.filter(free(now)).select_for_update(skip_locked=True, of=("self",))[:limit])
        lease: dict[str, Any] = {"lease_token": token, "lease_until": now + CLAIM}
        if claimed:
            due.model._default_manager.filter(pk__in=[row.pk for row in claimed]).update(**lease)
    for row in claimed:
        for name, value in lease.items():
            setattr(row, name, value)
    return claimed


def renew(row: models.Model, *, now: datetime, span: timedelta | None = None) -> bool:
    """Hold a claimed row for `span` (LEASE if not told) from now on.

    False if others have it, or might: a worker that was paused for too long must neither send nor write.
    """
    held: Any = row
    if has_lapsed(held.lease_until, now):
        return False
    fields = {"pk": row.pk, "lease_token": held.lease_token}
    until = now + (span or LEASE)
    if not rows.change(type(row), fields, {"lease_until": until}):
        return False
    held.lease_until = until
    return True


def let_go(some: Iterable[models.Model]) -> None:
    """Give claimed rows back that weren't begun."""
    for row in some:
        held: Any = row
        fields = {"pk": row.pk, "lease_token": held.lease_token}
        rows.change(type(row), fields, {"lease_token": None, "lease_until": None})


def has_lapsed(until: datetime | None, now: datetime) -> bool:
    """Whether somebody else may have taken the row up: a worker that was paused must not send any more."""
    return until is None or until <= now


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many attempts: 10 s doubling to 1 h, with a quarter of jitter."""
    wait: timedelta = min(FIRST * 2 ** min(max(attempts, 1) - 1, 20), LONGEST)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, keeps no secret

"""Staff are reminded before evidence is due: seven days, two days and one day ahead, once each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from bookings import messages
from bookings.audit import By
from core.work.sweeps import Sweep
from refunds.dispute_response import appeal
from refunds.disputes.gate import change, locked
from refunds.disputes.intake import facts_of
from refunds.models import Dispute

WORKER = By("system", "worker")
DAYS = (1, 2, 7)
APPEALABLE = Q(status=appeal.WAITS, appealed_at=None)
SWEEP = Sweep("dispute deadlines")


def remind(clock: Callable[[], datetime]) -> int:
    """Queue the reminders that are due; returns how many."""
    now = clock()
    waiting = Dispute.objects.filter(
        Q(submitted_at=None) | APPEALABLE,
        is_open=True,
        resolved_at=None,
        evidence_due_by__gt=now,
        evidence_due_by__lte=now + timedelta(days=max(DAYS)),
    )
    ready = SWEEP.ready(waiting.order_by("evidence_due_by"), now=now)
    return SWEEP.each([row for row in ready if _step(row, now)], lambda row: _remind(row, now), clock)


def _step(row: Dispute, now: datetime) -> int | None:
    """Which reminder is due: the nearest that wasn't sent; not one that its opening came after."""
    if row.evidence_due_by is None:
        return None
    due = [days for days in DAYS if now >= row.evidence_due_by - timedelta(days=days)]
    if not due or (row.reminded_days is not None and row.reminded_days <= due[0]):
        return None
    return due[0] if row.opened_at <= row.evidence_due_by - timedelta(days=due[0]) else None


def _remind(row: Dispute, now: datetime) -> None:
    with locked(row, by=WORKER, now=now) as (story, fresh):
        days = _step(fresh, now)
        if days is None or not fresh.is_open:
            return
        if fresh.submitted_at and fresh.status != appeal.WAITS:
            return
        change(fresh, reminded_days=days)
        about = f"{fresh.pk}:{days}:{fresh.evidence_due_by:%Y-%m-%d}"
        messages.alert_staff(story, "dispute_due", about=about, days=days, **facts_of(fresh))

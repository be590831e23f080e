"""Staff are reminded before evidence is due, once for each step."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from refunds.dispute_response import deadlines, resolution
from refunds.models import Dispute
from refunds.tests.workshop import mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_staff_are_reminded_seven_two_and_one_day_before(disputed: Dispute) -> None:
    assert disputed.evidence_due_by is not None
    told = []
    for hours in range(9 * 24, 0, -6):
        now = disputed.evidence_due_by - timedelta(hours=hours)
        deadlines.remind(lambda now=now: now)  # type: ignore[misc]
        told.append(disputed.booking.messages.filter(kind="dispute_due").count())
    assert sorted(set(told)) == [0, 1, 2, 3]
    due = disputed.booking.messages.filter(kind="dispute_due").order_by("id")
    assert [message.facts["days"] for message in due] == [7, 2, 1]
    assert mails(disputed.booking, "staff").count("dispute_opened") == 1


def test_what_is_answered_or_closed_with_a_note_needs_no_reminder(disputed: Dispute, staff: By) -> None:
    assert disputed.evidence_due_by is not None
    near = disputed.evidence_due_by - timedelta(hours=12)
    resolution.close_with_note(disputed, note="Too small", by=staff, now=timezone.now())
    assert deadlines.remind(lambda: near) == 0
    Dispute.objects.update(resolved_at=None, submitted_at=timezone.now())
    assert deadlines.remind(lambda: near) == 0

"""What needs a person, in one place: for the home page and the operator's metrics."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from bookings.models import Booking, BookingStatus, Message
from core.models import PutOff
from payments.models import EventStatus, Payment, PaymentStatus, WebhookEvent
from refunds.models import Dispute, Finding, RefundRecord, RefundRule, RefundStatus
from refunds.staff.actions import PENDING_TOO_LONG

# A hold is asked about every few seconds, an alert goes out within an hour: these have stopped by themselves.
HOLD_OVERDUE = timedelta(hours=1)
ALERT_OVERDUE = timedelta(hours=3)
# Since when a row has been waiting, where its name doesn't say: what the age of a concern is counted from.
SINCE = {RefundRecord: "requested_at", Dispute: "opened_at", WebhookEvent: "received_at", PutOff: "since"}
SINCE |= {Finding: "first_seen", Payment: "created_at", Booking: "hold_expires_at", Message: "created_at"}


def concerns(now: datetime | None = None) -> dict[str, QuerySet[Any]]:
    """The rows of each concern, each found by an index however large its table is.

    Every state that waits for somebody is one of them, so that nothing waits unseen.
    """
    now = now or timezone.now()
    refunds, disputes = RefundRecord.objects.all(), Dispute.objects.filter(is_open=True)
    on_hold = refunds.filter(status=RefundStatus.ON_HOLD)
    on_their_way = refunds.filter(status__in=RefundRecord.ON_ITS_WAY)
    return {
        "refund_needs_attention": refunds.filter(status=RefundStatus.NEEDS_ATTENTION),
        "refund_failed": refunds.filter(status=RefundStatus.FAILED),
        "refund_canceled": refunds.filter(status=RefundStatus.CANCELED),
        "refund_unknown": refunds.filter(status=RefundStatus.UNKNOWN),
        "refund_awaits_approval": on_hold.filter(held_for__in=("approval", "withdrawal")),
        "refund_held_by_staff": on_hold.filter(held_for="staff"),
        "refund_pending_for_a_month": refunds.filter(
            status=RefundStatus.PENDING, requested_at__lt=now - PENDING_TOO_LONG
        ),
        "payment_processing": Payment.objects.filter(status=PaymentStatus.PROCESSING),
        "hold_overdue": Booking.objects.filter(
            status=BookingStatus.PENDING_PAYMENT, hold_expires_at__lt=now - HOLD_OVERDUE
        ),
        "alert_unsent": Message.objects.filter(
            to=Message.To.STAFF, sent_at=None, created_at__lt=now - ALERT_OVERDUE
        ),
        "payment_orphaned": on_their_way.filter(rule=RefundRule.ORPHANED_PAYMENT),
        "refund_maybe_paid_twice": refunds.filter(may_be_paid_twice=True, twice_acknowledged=None),
        "dispute_needs_response": disputes.filter(
            submitted_at=None, resolved_at=None, evidence_due_by__isnull=False
        ),
        "webhook_failed": WebhookEvent.objects.filter(status=EventStatus.FAILED),
        "row_in_trouble": rows_in_trouble(),
        "books_differ": Finding.objects.filter(resolved_at=None),
    }


def waiting_since(rows: QuerySet[Any], most: int) -> list[datetime | None]:
    """Since when each row of a concern has been waiting, oldest first; so many at most."""
    field = SINCE[rows.model]
    return list(rows.order_by(field).values_list(field, flat=True)[:most])


def count_and_oldest(rows: QuerySet[Any]) -> tuple[int, datetime | None]:
    """How many rows a concern has, and since when the oldest has been waiting, in one query."""
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(SINCE[rows.model]))
    return found["count"], found["oldest"]


def rows_in_trouble() -> QuerySet[PutOff]:
    """Those that failed so often that waiting alone won't help."""
    return PutOff.objects.filter(attempts__gte=3).exclude(error="")

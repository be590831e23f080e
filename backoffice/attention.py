"""What needs a person, in one place: for the home page and the operator's metrics."""

from typing import Any

from django.db.models import QuerySet

from core.models import PutOff
from payments.models import EventStatus, WebhookEvent
from refunds.models import Dispute, Finding, RefundRecord, RefundRule, RefundStatus


def concerns() -> dict[str, QuerySet[Any]]:
    """The rows of each concern, each found by an index however large its table is."""
    refunds, disputes = RefundRecord.objects.all(), Dispute.objects.filter(is_open=True)
    on_their_way = refunds.filter(status__in=RefundRecord.ON_ITS_WAY)
    return {
        "refund_needs_attention": refunds.filter(status=RefundStatus.NEEDS_ATTENTION),
        "refund_failed": refunds.filter(status=RefundStatus.FAILED),
        "refund_canceled": refunds.filter(status=RefundStatus.CANCELED),
        "refund_unknown": refunds.filter(status=RefundStatus.UNKNOWN),
        "refund_awaits_approval": refunds.filter(status=RefundStatus.ON_HOLD, held_for="approval"),
        "payment_orphaned": on_their_way.filter(rule=RefundRule.ORPHANED_PAYMENT),
        "refund_maybe_paid_twice": refunds.filter(may_be_paid_twice=True),
        "dispute_needs_response": disputes.filter(
            submitted_at=None, resolved_at=None, evidence_due_by__isnull=False
        ),
        "webhook_failed": WebhookEvent.objects.filter(status=EventStatus.FAILED),
        "row_in_trouble": rows_in_trouble(),
        "books_differ": Finding.objects.filter(resolved_at=None),
    }


def rows_in_trouble() -> QuerySet[PutOff]:
    """Those that failed so often that waiting alone won't help."""
    return PutOff.objects.filter(attempts__gte=3).exclude(error="")

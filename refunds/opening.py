"""Write down a new refund record: what is owed, why, and whether it may go out."""

import uuid

from bookings.audit import Story
from core.work import jobs
from payments.models import Payment
from refunds.models import RefundRecord, RefundRule, RefundStatus


def open_record(
    story: Story,
    payment: Payment,
    *,
    amount: int,
    rule: RefundRule,
    status: RefundStatus,
    decision: dict[str, object],
    reason: str = "",
    held_for: str = "",
    asked_by: str = "",
    currency: str = "",
    key: uuid.UUID | None = None,
    rest_of: RefundRecord | None = None,
) -> RefundRecord:
    """Write down what is owed (minor units), and wake the worker if it may go out.

    The database refuses more than was paid, and a second record with the same `key` (IntegrityError).
    """
    record = RefundRecord(
        id=key or uuid.uuid4(),
        booking=story.booking,
        payment=payment,
        amount=amount,
        currency=currency or payment.currency,
        status=status,
        rule=rule,
        decision=decision,
        requested_by=story.by.actor,
        requested_at=story.now,
        reason=reason,
        request_id=story.request_id,
        held_for=held_for,
        asked_by=asked_by,
        rest_of=rest_of,
        destination=payment.method or "",
    )
    record.save(force_insert=True)
    story.record(
        f"refund.{status}", id=str(record.pk), rule=str(rule), amount=amount, currency=record.currency
    )
    if status == RefundStatus.QUEUED:
        jobs.wake()
    return record

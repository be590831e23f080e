"""Which of our records a refund at Stripe belongs to."""

from datetime import UTC, datetime
from typing import Any

from bookings.audit import Story
from bookings.models import AuditEntry
from payments import gateway, ours
from payments.models import Payment
from refunds.models import RefundRecord, RefundRule, RefundStatus

Refund = dict[str, Any]


def match(records: list[RefundRecord], refund: Refund) -> RefundRecord | None:
    """Find the record of a refund: by Stripe's id, or by our mark if the reply never came."""
    for record in records:
        if record.stripe_refund_id == refund["id"]:
            return record
    marked = _marked(records, refund)
    return marked if marked and marked.stripe_refund_id is None else None


def is_old_news(records: list[RefundRecord], refund: Refund, *, is_present: bool) -> bool:
    """Tell whether this is about an attempt that ended before the present one began.

    A record goes to its next generation only when the last attempt has ended or when Stripe is asked before
    the next is sent. So an event about an earlier one is late, or the next look-up tells the same.
    """
    record = _marked(records, refund)
    if record is None or record.stripe_refund_id == refund["id"]:
        return False
    generation = str(record.generation)
    is_earlier = _mark(refund).get("generation", generation) != generation
    return is_earlier and (not is_present or has_ended(refund))


def has_ended(refund: Refund) -> bool:
    """Tell whether nothing moved in the end; Stripe lets nothing follow that."""
    return refund["status"] in ("failed", "canceled")


def is_over(booking: int, refund: Refund) -> bool:
    """Tell whether a record of this booking had this refund until it failed, and was queued again since.

    The trail remembers what the record forgot. Nothing follows a failure, so whatever is told now is late.
    """
    ended = AuditEntry.objects.filter(booking=booking, action__in=("refund.failed", "refund.canceled"))
    return ended.filter(detail__refund=refund["id"]).exists()


def _marked(records: list[RefundRecord], refund: Refund) -> RefundRecord | None:
    """By our mark; who edited it in the dashboard can't have another payment's record settled."""
    key = ours.key_of(refund, ours.REFUND)
    record = next((record for record in records if record.pk == key), None)
    if record is None or len({each.payment_id for each in records}) == 1:
        return record
    intent = gateway.id_of(refund.get("payment_intent"))
    return record if record.payment.stripe_payment_intent_id == intent else None


def _mark(refund: Refund) -> dict[str, str]:
    return refund.get("metadata") or {}


def write_down_stranger(story: Story, payment: Payment, refund: Refund) -> RefundRecord:
    """Write down a refund that was made at Stripe and not here, to be settled; it cancels no booking."""
    record = RefundRecord(
        booking=story.booking,
        payment=payment,
        amount=refund["amount"],
        currency=refund["currency"],
        status=RefundStatus.SENDING,
        rule=RefundRule.DASHBOARD,
        requested_by="stripe",
        requested_at=created(refund),
    )
    record.save(force_insert=True)
    story.record("refund.found", id=str(record.pk), refund=refund["id"], amount=record.amount)
    return record


def created(refund: Refund) -> datetime:
    return datetime.fromtimestamp(refund["created"], UTC)

"""Early fraud warnings: the card network suspects fraud, and refunding first may avoid a chargeback."""

from datetime import datetime
from typing import Any

from django.conf import settings

from bookings import messages
from bookings.audit import Story, story_of
from bookings.models import Booking
from payments import gateway
from payments.events.event_handlers import Event, Stranger
from payments.models import Payment
from refunds import account, approval
from refunds.models import EarlyFraudWarning, RefundRecord, RefundRule, RefundStatus
from refunds.opening import open_record


def apply_event(event: Event, _: Any, now: datetime) -> str:
    """Keep a warning and tell staff. Raises Stranger for a payment nobody knows (yet)."""
    warning = event.object
    payment = _payment_of(warning)
    if payment is None:
        raise Stranger("no payment for this warning")
    with story_of(Booking.objects.filter(pk=payment.booking_id), by=event.by, now=now) as story:
        row, is_new = EarlyFraudWarning.objects.get_or_create(
            stripe_id=warning["id"],
            defaults={
                "booking": story.booking,
                "payment": payment,
                "fraud_type": str(warning.get("fraud_type") or "")[:64],
                "actionable": bool(warning.get("actionable", True)),
                "warned_at": event.created,
            },
        )
        if is_new:
            story.record("fraud_warning.received", id=warning["id"], fraud_type=row.fraud_type)
            record = _refund_first(story, row)
            facts = {"warning": row.pk, "amount": payment.amount, "currency": payment.currency}
            facts |= {"refund": record.status} if record else {}
            messages.alert_staff(story, "fraud_warning", about=str(row.pk), **facts)
    return "fraud warning kept" if is_new else ""


def _payment_of(warning: gateway.Answer) -> Payment | None:
    """The suspected payment: by its PaymentIntent, or by its charge, as Stripe may leave the first out."""
    known = Payment.objects.all()
    if intent := gateway.id_of(warning.get("payment_intent")):
        return known.filter(stripe_payment_intent_id=intent).first()
    return (
        known.exclude(stripe_charge_id="")
        .filter(stripe_charge_id=gateway.id_of(warning.get("charge")))
        .first()
    )


def _refund_first(story: Story, warning: EarlyFraudWarning) -> RefundRecord | None:
    """Give a small payment back by itself, where the business wants that and the appointment is to come."""
    payment, booking = warning.payment, story.booking
    kept = account.of(payment).kept
    is_small = 0 < kept < settings.REFUND_FRAUD_WARNINGS_BELOW
    in_time = booking.starts_at > story.now and not payment.disputes.exists()
    if not (is_small and in_time and warning.actionable):
        return None
    waits = approval.is_needed(payment, kept)
    return open_record(
        story,
        payment,
        amount=kept,
        rule=RefundRule.GOODWILL,
        status=RefundStatus.ON_HOLD if waits else RefundStatus.QUEUED,
        held_for="approval" if waits else "",
        decision={
            "amount": kept,
            "fraud_warning": str(warning),
            "below": settings.REFUND_FRAUD_WARNINGS_BELOW,
        },
        reason="Refunded first, as the card network warns of fraud.",
    )

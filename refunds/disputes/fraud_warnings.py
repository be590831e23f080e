"""Early fraud warnings: the card network suspects fraud, and refunding first may avoid a chargeback."""

from datetime import datetime
from typing import Any

from bookings import messages
from bookings.audit import story_of
from bookings.models import Booking
from payments.events.event_handlers import Event, NotYet
from payments.models import Payment
from refunds.models import EarlyFraudWarning


def apply_event(event: Event, _: Any, now: datetime) -> str:
    """Keep a warning and tell staff. Raises NotYet for a payment nobody knows (yet)."""
    warning = event.object
    intent = str(warning.get("payment_intent") or "")
    payment = Payment.objects.filter(stripe_payment_intent_id=intent).first()
    if payment is None:
        raise NotYet("no payment for this warning")
    with story_of(Booking.objects.filter(pk=payment.booking_id), by=event.by, now=now) as story:
        row, is_new = EarlyFraudWarning.objects.get_or_create(
            stripe_id=warning["id"],
            defaults={
                "booking": story.booking,
                "payment": payment,
                "fraud_type": warning["fraud_type"],
                "actionable": warning["actionable"],
                "warned_at": event.created,
            },
        )
        if is_new:
            story.record("fraud_warning.received", id=warning["id"], fraud_type=row.fraud_type)
            facts = {"warning": row.pk, "amount": payment.amount, "currency": payment.currency}
            messages.alert_staff(story, "fraud_warning", about=str(row.pk), **facts)
    return "fraud warning kept" if is_new else ""

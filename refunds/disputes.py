"""Chargebacks and inquiries: what Stripe says of them is kept in Stripe's own words."""

from datetime import UTC, datetime
from typing import Any

from bookings.audit import Story, story_of
from bookings.models import Booking
from payments import gateway
from payments.models import Payment
from payments.sockets import Event, NotYet
from refunds.models import Dispute, EarlyFraudWarning

CLOSED = ("won", "lost", "warning_closed", "prevented")


def ask(event: Event) -> gateway.Answer:
    """The order of dispute events can't be trusted: the present state is asked for."""
    return gateway.retrieve_dispute(str(event.object["id"]))


def apply_event(event: Event, dispute: gateway.Answer, now: datetime) -> str:
    """Keep a dispute as it is at Stripe now. Raises NotYet for a payment nobody knows (yet)."""
    intent = str(dispute.get("payment_intent") or "")
    payments = Payment.objects.filter(stripe_payment_intent_id=intent)
    try:
        bookings = Booking.objects.filter(pk__in=payments.values("booking_id"))
        with story_of(bookings, by=event.by, now=now) as story:
            return _keep(story, payments.get(), dispute)
    except Booking.DoesNotExist:
        raise NotYet(f"no payment for {intent or 'this dispute'}") from None


def _keep(story: Story, payment: Payment, dispute: gateway.Answer) -> str:
    details = dispute.get("evidence_details") or {}
    due_by = details.get("due_by")
    row, is_new = Dispute.objects.get_or_create(
        stripe_dispute_id=dispute["id"],
        defaults={
            "booking": story.booking,
            "payment": payment,
            "amount": dispute["amount"],
            "currency": dispute["currency"],
            "reason": dispute["reason"],
            "status": dispute["status"],
            "opened_at": datetime.fromtimestamp(dispute["created"], UTC),
        },
    )
    if is_new:
        story.record("dispute.opened", id=dispute["id"], reason=row.reason, amount=row.amount)
    story.follow(
        row,
        dispute["status"],
        is_open=dispute["status"] not in CLOSED,
        is_charge_refundable=dispute["is_charge_refundable"],
        evidence_due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
    )
    return f"dispute {dispute['status']}"


def apply_warning(event: Event, _: Any, now: datetime) -> str:
    """Keep an early fraud warning: refunding first may avoid a chargeback."""
    warning = event.object
    payments = Payment.objects.filter(stripe_payment_intent_id=str(warning.get("payment_intent") or ""))
    payment = payments.first()
    if payment is None:
        raise NotYet("no payment for this warning")
    with story_of(Booking.objects.filter(pk=payment.booking_id), by=event.by, now=now) as story:
        _, is_new = EarlyFraudWarning.objects.get_or_create(
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
            story.record("fraud_warning.received", id=warning["id"])
    return "fraud warning kept" if is_new else ""

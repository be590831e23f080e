"""From our side: whatever we think is still under way is asked for."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from payments import gateway, pace
from payments.models import Payment
from refunds.models import Dispute, RefundRecord, RefundStatus
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.dispute_objects import DISPUTE
from refunds.reconciliation.payment_intents import PAYMENT_INTENT
from refunds.reconciliation.refund_objects import REFUND
from refunds.reconciliation.window import Window

# Somebody is just paying or being refunded: that needs no second look yet.
FRESH = timedelta(minutes=5)
UNDER_WAY = (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.PENDING, RefundStatus.NEEDS_ATTENTION)


def look_up(comparison: Comparison, seen: Window) -> None:
    _refunds(comparison)
    _payments(comparison)
    _disputes(comparison, seen.until)


def _refunds(comparison: Comparison) -> None:
    unleased = Q(lease_until=None) | Q(lease_until__lt=comparison.now)
    waiting = RefundRecord.objects.filter(unleased, status__in=UNDER_WAY).select_related("payment")
    comparison.each(list(waiting), partial(_refund, comparison))


def _refund(comparison: Comparison, record: RefundRecord) -> None:
    if record.stripe_refund_id:
        comparison.look_up(REFUND, record.stripe_refund_id, booking=record.booking_id, ours=record.status)
    elif record.first_sent_at and record.payment.stripe_payment_intent_id:
        _refunds_of(comparison, record.payment.stripe_payment_intent_id)


def _refunds_of(comparison: Comparison, intent: str) -> None:
    """We never learned the refund's id: it is among those of its payment, or was never made."""
    pace.wait_for_slot(comparison.clock)
    try:
        refunds = gateway.refunds_of(intent)
    except gateway.Refused as error:
        if not error.is_missing:
            raise
        refunds = []  # the payment itself is missing there, which is found elsewhere
    comparison.look_at(REFUND, refunds)


def _payments(comparison: Comparison) -> None:
    unpaid = Payment.objects.filter(status__in=Payment.UNPAID, created_at__lt=comparison.now - FRESH).exclude(
        stripe_payment_intent_id=None
    )
    comparison.each(list(unpaid), partial(_payment, comparison))


def _payment(comparison: Comparison, payment: Payment) -> None:
    intent = payment.stripe_payment_intent_id or ""
    comparison.look_up(PAYMENT_INTENT, intent, booking=payment.booking_id, ours=payment.status)


def _disputes(comparison: Comparison, until: datetime) -> None:
    """They stay open for weeks: pages since the oldest take fewer requests than one for each."""
    waiting = {row.stripe_dispute_id: row for row in Dispute.objects.filter(is_open=True)}
    if not waiting:
        return
    oldest = min(row.opened_at for row in waiting.values())
    for page in comparison.paced(gateway.dispute_pages(*Window(oldest, until).unix)):
        found = [dispute for dispute in page if dispute["id"] in waiting]
        comparison.look_at(DISPUTE, found)
        for dispute in found:
            del waiting[dispute["id"]]
        if not waiting:
            return
    comparison.each(waiting.values(), partial(_dispute, comparison))


def _dispute(comparison: Comparison, row: Dispute) -> None:
    comparison.look_up(DISPUTE, row.stripe_dispute_id, booking=row.booking_id, ours=row.status)

"""Money that arrived where it can't stay goes back in full: late, double, or another amount than asked."""

from typing import Any

from bookings import messages
from bookings.audit import Story
from payments.models import Payment, TransactionKind
from refunds import account
from refunds.models import RefundRule, RefundStatus
from refunds.opening import open_record


def send_back(story: Story, payment: Payment) -> None:
    """Queue the return of everything that this payment brought and that isn't on its way already.

    Refunds made in Stripe's dashboard may be known before the payment is.
    """
    amount = account.of(payment).refundable
    if not amount:
        return
    record = open_record(
        story,
        payment,
        amount=amount,
        currency=payment.transactions.get(kind=TransactionKind.PAYMENT).currency,
        rule=RefundRule.ORPHANED_PAYMENT,
        status=RefundStatus.QUEUED,
        decision={"booking_status": story.booking.status, "asked": payment.amount},
    )
    facts: dict[str, Any] = {"amount": record.amount, "currency": record.currency}
    messages.enqueue(story, "payment_returned", about=str(record.pk), **facts)
    messages.alert_staff(story, "orphaned_payment", about=str(record.pk), **facts)

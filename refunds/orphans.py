"""Money that arrived where it can't stay goes back in full: late, double, or another amount than asked."""

from django.db.models import Sum

from bookings import mail
from bookings.audit import Story
from payments.models import Payment
from refunds.cancellation import open_record
from refunds.models import RefundRule, RefundStatus


def send_back(story: Story, payment: Payment) -> None:
    """Queue the return of everything that this payment brought."""
    line = payment.transactions.filter(kind="payment").values("currency").annotate(sum=Sum("amount"))
    brought = line.get()
    record = open_record(
        story,
        payment,
        amount=brought["sum"],
        currency=brought["currency"],
        rule=RefundRule.ORPHANED_PAYMENT,
        status=RefundStatus.QUEUED,
        decision={"booking_status": story.booking.status, "asked": payment.amount},
    )
    facts = {"amount": record.amount, "currency": record.currency}
    mail.enqueue(story, "payment_returned", about=str(record.pk), **facts)
    mail.alert_staff(story, "orphaned_payment", about=str(record.pk), **facts)

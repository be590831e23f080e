"""Empty a person's data on request. What was sold and what was paid stays, and every chain still verifies."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from knox.models import AuthToken

from accounts.models import User
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus, Message
from payments import gateway
from payments.models import Payment, StripeCustomer, WebhookEvent
from refunds.models import Dispute, RefundRecord, RefundStatus

OPEN_REFUNDS = (*RefundRecord.ON_ITS_WAY, RefundStatus.FAILED, RefundStatus.CANCELED)
OPEN_BOOKINGS = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)


class StillOpen(Exception):
    """There is business with this person that needs them to be known; says what."""


def erase(user: User, *, by: By, now: datetime) -> None:
    """Make a customer nobody, here and at Stripe. Twice is once.

    Raises StillOpen, StripeFailure (then all that is left here is undone at the next call).
    """
    refuse_while_open(user)
    _forget_at_stripe(user)
    with transaction.atomic():
        _empty_user(user)
        _empty_texts(user)
        _empty_payloads(user)
    for booking in list(user.bookings.order_by("pk").values_list("pk", flat=True)):
        with story_of(Booking.objects.filter(pk=booking), by=by, now=now) as story:
            story.record("customer.erased")


def refuse_while_open(user: User) -> None:
    """Raise StillOpen while an appointment, a refund or a dispute needs the person."""
    if user.is_staff or user.is_superuser:
        raise StillOpen("They are staff: their name stands for what they decided.")
    bookings = user.bookings.all()
    waiting = bookings.filter(status__in=OPEN_BOOKINGS).count()
    refunds = RefundRecord.objects.filter(booking__in=bookings, status__in=OPEN_REFUNDS).count()
    disputes = Dispute.objects.filter(booking__in=bookings, is_open=True).count()
    if waiting or refunds or disputes:
        raise StillOpen(
            f"Still open: {waiting} bookings, {refunds} refunds, {disputes} disputes. Finish them first."
        )


def _forget_at_stripe(user: User) -> None:
    customer = StripeCustomer.objects.filter(user=user).first()
    if customer is None:
        return
    if customer.stripe_customer_id:
        gateway.delete_customer(customer.stripe_customer_id)
    customer.delete()


def _empty_user(user: User) -> None:
    AuthToken.objects.filter(user=user).delete()
    user.username = f"erased-{user.pk}"
    user.name = user.phone = user.language = user.email = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    # Django's own log of the admin names objects as they were then.
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    about.update(object_repr=user.username, change_message="")


def _empty_texts(user: User) -> None:
    """What people wrote, what mail still waits, what of their cards we kept."""
    RefundRecord.objects.filter(booking__customer=user).update(reason="")
    Dispute.objects.filter(booking__customer=user).update(evidence={}, resolution="")
    Payment.objects.filter(booking__customer=user).update(card_brand="", card_last4="")
    Message.objects.filter(booking__customer=user, to=Message.To.CUSTOMER, sent_at=None).delete()


def _empty_payloads(user: User) -> None:
    """Stripe's words about their payments, with billing details in them."""
    payments = Payment.objects.filter(booking__customer=user)
    ids = [
        *payments.exclude(stripe_payment_intent_id=None).values_list("stripe_payment_intent_id", flat=True),
        *payments.exclude(stripe_charge_id="").values_list("stripe_charge_id", flat=True),
        *RefundRecord.objects.filter(payment__in=payments).values_list("stripe_refund_id", flat=True),
        *Dispute.objects.filter(payment__in=payments).values_list("stripe_dispute_id", flat=True),
    ]
    WebhookEvent.objects.filter(object_id__in=[known for known in ids if known]).update(payload=None)

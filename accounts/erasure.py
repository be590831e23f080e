"""Empty a person's data on request. What was sold and what was paid stays, and every chain still verifies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, TextField
from django.db.models.functions import Cast

from accounts.models import KnownPlace, Note, User
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus, Message
from core import sealing
from payments import gateway, traces
from payments.models import Payment, PaymentStatus, Receipt, StripeCustomer, WebhookEvent
from refunds.models import Closure, Dispute, RefundRecord, RefundStatus, SealedPerson

OPEN_REFUNDS = (*RefundRecord.ON_ITS_WAY, RefundStatus.FAILED, RefundStatus.CANCELED)
OPEN_BOOKINGS = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)
# A bank may send a refund back up to 30 days later (STRIPE.md), and then they have to be reached.
MAY_RETURN = timedelta(days=30)


class StillOpen(Exception):
    """There is business with this person that needs them to be known; says what."""


@dataclass(frozen=True)
class Waiting:
    """What deleting somebody waits for: `appointment`, `refund`, `refund_may_return` or `dispute`."""

    booking_reference: str
    reason: str


def waits_for(user: User, *, now: datetime) -> list[Waiting]:
    """All that is open with somebody, oldest booking first."""
    own = Booking.objects.filter(customer=user)
    recently = RefundRecord.objects.filter(status=RefundStatus.SUCCEEDED, settled_at__gt=now - MAY_RETURN)
    open_refunds = RefundRecord.objects.filter(status__in=OPEN_REFUNDS)
    reasons = {
        "appointment": own.filter(status__in=OPEN_BOOKINGS),
        "refund": own.filter(refunds__in=open_refunds),
        "refund_may_return": own.filter(refunds__in=recently),
        "dispute": own.filter(disputes__is_open=True),
    }
    found = [
        (pk, Waiting(reference, reason))
        for reason, bookings in reasons.items()
        for pk, reference in bookings.distinct().values_list("pk", "reference")
    ]
    return [waiting for _, waiting in sorted(found, key=lambda pair: pair[0])]


def erase(user: User, *, by: By, now: datetime) -> None:
    """Make a customer nobody, here and at Stripe. Twice is once.

    Raises StillOpen, StripeFailure (then all that is left here is undone at the next call).
    """
    refuse_while_open(user, now=now)
    known_as = _forget_at_stripe(user)
    with transaction.atomic():
        _seal(user, now)
        _empty_texts(user)
        _empty_payloads(user, known_as)
        _empty_user(user)
    for booking in list(user.bookings.order_by("pk").values_list("pk", flat=True)):
        with story_of(Booking.objects.filter(pk=booking), by=by, now=now) as story:
            story.record("customer.erased")


def refuse_while_open(user: User, *, now: datetime) -> None:
    """Raise StillOpen while an appointment, a refund or a dispute needs the person.

    A refund that went out and may still come back is for whoever asks to weigh: `waits_for` names it.
    """
    if user.is_staff or user.is_superuser:
        raise StillOpen("They are staff: their name stands for what they decided.")
    reasons = [waiting.reason for waiting in waits_for(user, now=now)]
    if set(reasons) - {"refund_may_return"}:
        counts = {noun: reasons.count(noun) for noun in ("appointment", "refund", "dispute")}
        raise StillOpen(
            f"Still open: {counts['appointment']} bookings, {counts['refund']} refunds, "
            f"{counts['dispute']} disputes. Finish them first."
        )


def _forget_at_stripe(user: User) -> str:
    """Delete the Customer at Stripe; returns its id, by which events may still name them."""
    customer = StripeCustomer.objects.filter(user=user).first()
    if customer is None:
        return ""
    if customer.stripe_customer_id:
        gateway.delete_customer(customer.stripe_customer_id)
    customer.delete()
    return customer.stripe_customer_id or ""


def _seal(user: User, now: datetime) -> None:
    """Keep who paid us, unread, for as long as their bank may still take the money back."""
    paid = Booking.objects.filter(customer=user, payments__status=PaymentStatus.SUCCEEDED)
    latest = paid.aggregate(at=Max("ends_at"), paid=Max("payments__paid_at"))
    times = [at for at in latest.values() if at is not None]
    if not times or not (user.name or user.email):
        return
    keep_until = max(times) + settings.SEALED_FOR
    if keep_until > now:
        facts = {"name": user.name, "email": user.email, "phone": user.phone}
        kept = {"sealed": sealing.seal(facts), "keep_until": keep_until}
        SealedPerson.objects.update_or_create(user=user, defaults=kept)


def _empty_user(user: User) -> None:
    for rows in (EmailAddress, Authenticator, SocialAccount, KnownPlace):
        rows.objects.filter(user=user).delete()
    Note.objects.filter(customer=user).delete()
    user.username = f"erased-{user.pk}"
    user.name = user.phone = user.language = user.email = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()  # ends every token and session
    # Django's own log of the admin names objects as they were then.
    kind = ContentType.objects.get_for_model(User)
    about = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    about.update(object_repr=user.username, change_message="")


def _empty_texts(user: User) -> None:
    """What people wrote, what mail still waits, what of their cards we kept."""
    RefundRecord.objects.filter(booking__customer=user).update(reason="")
    Dispute.objects.filter(booking__customer=user).update(evidence={}, resolution="")
    Receipt.objects.filter(line__booking__customer=user).update(buyer_name="", buyer_email="")
    Payment.objects.filter(booking__customer=user).update(card_brand="", card_last4="")
    traces.forget(user.pk)
    Message.objects.filter(booking__customer=user, to=Message.To.CUSTOMER, sent_at=None).delete()
    names = {user.email, user.username, *(word for word in user.name.split() if len(word) > 2)}
    for name in filter(None, names):
        Closure.objects.filter(items__booking__customer=user, reason__icontains=name).update(reason="")


def _empty_payloads(user: User, known_as: str) -> None:
    """Stripe's words about their payments, with billing details in them."""
    payments = Payment.objects.filter(booking__customer=user)
    ids = [
        *payments.exclude(stripe_payment_intent_id=None).values_list("stripe_payment_intent_id", flat=True),
        *payments.exclude(stripe_charge_id="").values_list("stripe_charge_id", flat=True),
        *RefundRecord.objects.filter(payment__in=payments).values_list("stripe_refund_id", flat=True),
        *Dispute.objects.filter(payment__in=payments).values_list("stripe_dispute_id", flat=True),
    ]
    WebhookEvent.objects.filter(object_id__in=[known for known in ids if known]).update(payload=None)
    # Other events that name them: a card they saved, a customer who was changed. Those kept are of 60 days.
    kept = WebhookEvent.objects.filter(payload__isnull=False).alias(text=Cast("payload", TextField()))
    for trace in filter(None, (known_as, user.email)):
        pks = list(kept.filter(text__contains=trace).values_list("pk", flat=True))
        WebhookEvent.objects.filter(pk__in=pks).update(payload=None)

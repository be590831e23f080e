"""The payment sheet: what the mobile app needs to let the customer pay for a booking."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.audit import By, Story, story_of
from bookings.models import Booking, BookingStatus
from core.errors import DomainError
from payments import capture, gateway, ours, traces
from payments.models import Payment, PaymentStatus, StripeCustomer
from payments.traces import Origin

# A PaymentIntent or customer that is gone at Stripe is replaced once; more often is nobody's double tap.
MOST_INTENTS = 2
NOWHERE = Origin()


@dataclass(frozen=True)
class Sheet:
    """What initPaymentSheet needs; exactly one of the two secrets for the customer is set."""

    booking: Booking
    client_secret: str
    customer: str
    ephemeral_key: str | None
    customer_session: str | None


def open_sheet(
    *,
    user: AbstractUser,
    reference: str,
    mobile_version: str | None,
    by: By,
    now: datetime,
    origin: Origin = NOWHERE,
) -> Sheet:
    """Prepare paying for a booking; asked twice it leads to the same PaymentIntent.

    Raises Booking.DoesNotExist, or DomainError: already_paid, hold_expired, not_payable, stripe_unavailable.
    """
    mine = Booking.objects.filter(customer_id=user.pk, reference=reference)
    try:
        _refuse_unless_payable(mine.get(), now)
        for _attempt in range(MOST_INTENTS):
            customer = _customer_of(user)
            payment = _open_payment(mine, by, now)
            try:
                intent = _intent_of(payment, customer, by, now)
                if intent["status"] not in ("canceled", "succeeded", "processing"):
                    traces.remember(payment, origin, account=user.get_username(), now=now)
                    return _sheet(payment.booking, intent, customer, mobile_version)
            except gateway.Refused as error:
                if error.code != "resource_missing":
                    raise
                _start_over(payment, customer, error, by, now)
                continue
            # The webhook hasn't told us yet.
            capture.apply_intent(intent, by=by, now=now, at=now)
        _open_payment(mine, by, now)
    except gateway.Refused as error:
        raise DomainError("not_payable", _("Stripe doesn't accept this payment.")) from error
    except gateway.StripeFailure as error:
        raise DomainError(
            "stripe_unavailable",
            _("Payments can't be taken right now. Try again in a moment."),
            status=503,
            retry_after=ceil(error.retry_after or 5),
        ) from error
    raise DomainError("not_payable", _("This payment was cancelled at Stripe."))


def _customer_of(user: AbstractUser) -> str:
    """Our key is committed before Stripe is asked, so a double tap makes one customer."""
    row, _is_new = StripeCustomer.objects.get_or_create(user_id=user.pk)
    if row.stripe_customer_id is not None:
        return row.stripe_customer_id
    this = StripeCustomer.objects.filter(pk=row.pk)
    try:
        answer = gateway.create_customer(key=str(row.key), metadata=ours.marked(user=str(user.pk)))
    except gateway.Unclear as error:
        if error.is_kept:
            this.filter(key=row.key).update(key=uuid.uuid4())
        raise
    this.update(stripe_customer_id=answer["id"])
    return str(answer["id"])


def _open_payment(mine: QuerySet[Booking], by: By, now: datetime) -> Payment:
    """The booking's unpaid payment, made and committed if there is none."""
    with story_of(mine, by=by, now=now) as story:
        booking = story.booking
        _refuse_unless_payable(booking, now)
        payment = booking.payments.filter(status__in=Payment.UNPAID).first()
        return payment or _new_payment(story)


def _new_payment(story: Story) -> Payment:
    booking = story.booking
    payment = Payment.objects.create(
        booking=booking, amount=booking.amount, currency=booking.currency, created_at=story.now
    )
    story.record("payment.open", id=str(payment.pk), amount=payment.amount, currency=payment.currency)
    return payment


def _refuse_unless_payable(booking: Booking, now: datetime) -> None:
    if booking.status in (BookingStatus.CONFIRMED, BookingStatus.COMPLETED):
        raise DomainError("already_paid", _("This booking is paid."))
    if booking.payments.filter(status=PaymentStatus.PROCESSING).exists():
        raise DomainError("not_payable", _("Your payment is being processed. You need do nothing."))
    lapsed = booking.hold_expires_at is not None and booking.hold_expires_at <= now
    if booking.status == BookingStatus.EXPIRED or lapsed:
        raise DomainError("hold_expired", _("The time to pay has run out. Book again."))
    if booking.status == BookingStatus.CANCELLED or booking.starts_at <= now:
        raise DomainError("not_payable", _("This booking can't be paid any more."))


def _intent_of(payment: Payment, customer: str, by: By, now: datetime) -> gateway.Answer:
    if payment.stripe_payment_intent_id:
        return gateway.retrieve_intent(payment.stripe_payment_intent_id)
    try:
        intent = gateway.create_intent(
            key=f"pi:{payment.pk}",
            amount=payment.amount,
            currency=payment.currency,
            customer=customer,
            metadata=ours.marked(booking=payment.booking.reference, payment=str(payment.pk)),
        )
    except gateway.Unclear as error:
        if error.is_kept:
            _give_up(payment, error, by, now)
        raise
    # A racing request got the same intent by the same key: whoever saves it first saves it for both.
    Payment.objects.filter(pk=payment.pk, stripe_payment_intent_id=None).update(
        stripe_payment_intent_id=intent["id"]
    )
    return intent


def _give_up(payment: Payment, error: gateway.StripeFailure, by: By, now: datetime) -> None:
    """Let the next try have a payment and so a key of its own; nobody can pay an intent they never saw."""
    with story_of(Booking.objects.filter(pk=payment.booking_id), by=by, now=now) as story:
        payment.refresh_from_db()
        if payment.status == PaymentStatus.OPEN and payment.stripe_payment_intent_id is None:
            story.move(payment, PaymentStatus.CANCELED, why={"code": error.code})


def _start_over(payment: Payment, customer: str, error: gateway.Refused, by: By, now: datetime) -> None:
    """Somebody deleted the customer in Stripe's dashboard: the next try gets another, and another intent."""
    this = StripeCustomer.objects.filter(stripe_customer_id=customer)
    this.update(stripe_customer_id=None, key=uuid.uuid4())
    if payment.stripe_payment_intent_id:
        intent = gateway.cancel_intent(payment.stripe_payment_intent_id)
        capture.apply_intent(intent, by=by, now=now, at=now)
    else:
        _give_up(payment, error, by, now)


def _sheet(booking: Booking, intent: gateway.Answer, customer: str, mobile_version: str | None) -> Sheet:
    session = key = None
    if mobile_version:
        key = str(gateway.create_ephemeral_key(customer, mobile_version=mobile_version)["secret"])
    else:
        session = str(gateway.create_customer_session(customer)["client_secret"])
    return Sheet(
        booking=booking,
        client_secret=str(intent["client_secret"]),
        customer=customer,
        ephemeral_key=key,
        customer_session=session,
    )

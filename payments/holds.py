"""Unpaid bookings run out, but Stripe is asked first: a webhook outage cancels no paid booking."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, QuerySet

from bookings import lifecycle
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus
from core.work.sweeps import Later, Sweep
from payments import capture, gateway, ours, pace
from payments.models import Payment, PaymentStatus, StripeCustomer

log = structlog.get_logger()
WORKER = By("system", "worker")
Clock = Callable[[], datetime]

BATCH = 100
# Five failures: Stripe is out of order, the worker has other things to do, and comes back in some seconds.
SWEEP = Sweep("holds", longest=timedelta(minutes=10), most_troubles=5)


def expire_due(clock: Clock) -> int:
    """Expire holds that ran out and close payments nobody may make any more; returns how many."""
    now = clock()
    lapsed = Booking.objects.filter(status=BookingStatus.PENDING_PAYMENT, hold_expires_at__lte=now)
    without_question = lapsed.exclude(_has_unpaid()).order_by("hold_expires_at")
    done = SWEEP.each(SWEEP.ready(without_question, now=now)[:BATCH], lambda one: _settle(one, clock), clock)
    if pace.is_paused(now):
        return done
    for some in (lapsed.filter(_has_unpaid()).order_by("hold_expires_at"), _stranded()):
        done += SWEEP.each(SWEEP.ready(some, now=now)[:BATCH], lambda one: _settle(one, clock), clock)
    return done


def _has_unpaid() -> Exists:
    return Exists(Payment.objects.filter(booking=OuterRef("pk"), status__in=Payment.UNPAID))


def _stranded() -> QuerySet[Booking]:
    """Bookings that are closed though a payment could still arrive."""
    closed = Booking.objects.filter(status__in=(BookingStatus.CANCELLED, BookingStatus.EXPIRED))
    unpaid = Payment.objects.filter(status__in=Payment.UNPAID).values("booking_id")
    return closed.filter(pk__in=unpaid).order_by("created_at")


def _settle(booking: Booking, clock: Clock) -> None:
    """One booking; what has to wait for the bank or for Stripe is looked at again later."""
    try:
        is_over = settle_unpaid(booking, clock)
    except gateway.Refused as error:
        log.warning("hold.refused", booking=booking.reference, code=error.code)
        raise Later(error.code) from error
    except gateway.StripeFailure as error:
        log.warning("hold.stripe_unavailable", booking=booking.reference, code=error.code)
        raise Later(error.code) from error
    if not is_over:
        raise Later


def settle_unpaid(booking: Booking, clock: Clock) -> bool:
    """Cancel at Stripe what is unpaid, then expire the booking; False while the bank is still at it.

    If it was paid after all the payment is captured instead. Raises StripeFailure: then nothing is known.
    """
    for payment in booking.payments.filter(status__in=Payment.UNPAID):
        pace.wait_for_slot(clock)
        if not _close(payment, clock()):
            return False
    now = clock()
    with story_of(Booking.objects.filter(pk=booking.pk), by=WORKER, now=now) as story:
        lapsed = story.booking.hold_expires_at
        waiting = story.booking.status == BookingStatus.PENDING_PAYMENT
        unpaid = not story.booking.payments.filter(status__in=Payment.UNPAID).exists()
        if waiting and unpaid and lapsed is not None and lapsed <= now:
            lifecycle.expire(story)
    return True


def _close(payment: Payment, now: datetime) -> bool:
    intent = _at_stripe(payment)
    if intent is None:
        with story_of(Booking.objects.filter(pk=payment.booking_id), by=WORKER, now=now) as story:
            payment.refresh_from_db()
            if payment.status in Payment.UNPAID and not payment.stripe_payment_intent_id:
                story.move(payment, PaymentStatus.CANCELED, why={"intent": "none at Stripe"})
        return True
    if intent["status"] not in ("succeeded", "processing", "canceled"):
        try:
            intent = gateway.cancel_intent(intent["id"])
        except gateway.Refused:
            # The customer was quicker: what it is now decides.
            intent = gateway.retrieve_intent(intent["id"])
    capture.apply_intent(intent, by=WORKER, now=now, at=now)
    return intent["status"] in ("succeeded", "canceled")


def _at_stripe(payment: Payment) -> gateway.Answer | None:
    """The payment's intent as it is now, found by our mark if its id was never saved."""
    if payment.stripe_payment_intent_id:
        return gateway.retrieve_intent(payment.stripe_payment_intent_id)
    customer = StripeCustomer.objects.filter(user=payment.booking.customer_id).first()
    if customer is None or customer.stripe_customer_id is None:
        return None
    marked = (
        intent
        for intent in gateway.intents_of(customer.stripe_customer_id)
        if ours.key_of(intent, ours.PAYMENT) == payment.pk
    )
    return next(marked, None)

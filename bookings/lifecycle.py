"""What can happen to a booking. Everything but `hold` works on a Story, that is under the row's lock."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from bookings import messages
from bookings.audit import By, Story, story_of, story_of_new
from bookings.calendar import occupancy
from bookings.models import Booking, BookingStatus, Service
from core.errors import DomainError
from core.sweeps import Sweep

SYSTEM = By("system", "worker")
ENDED = Sweep("ended bookings")


def hold(
    *, customer: AbstractUser, service_id: int, starts_at: datetime, by: By, now: datetime
) -> tuple[Booking, bool]:
    """Book a slot that is kept until it is paid or BOOKING_HOLD has passed; True if it is new.

    The same customer asking for the same slot again gets the hold they have.
    Raises DomainError: service_unavailable, starts_in_past, slot_taken.
    """
    with transaction.atomic():
        try:
            service = occupancy.lock(service_id)
        except Service.DoesNotExist:
            raise _unavailable() from None
        if not service.is_active:
            raise _unavailable()
        if starts_at <= now:
            raise DomainError("starts_in_past", "Choose a time in the future.", status=400)
        if existing := _live_hold(customer, service, starts_at, now):
            return existing, False
        ends_at = starts_at + service.duration
        if not occupancy.has_room(service, starts_at=starts_at, ends_at=ends_at):
            raise DomainError("slot_taken", "This time was just taken. Choose another.")
        booking = Booking(
            customer_id=customer.pk,
            service=service,
            starts_at=starts_at,
            ends_at=ends_at,
            amount=service.price,
            currency=service.currency,
            refund_notice=service.notice,
            hold_expires_at=now + settings.BOOKING_HOLD,
            created_at=now,
        )
        with story_of_new(booking, by=by, now=now) as story:
            story.record(
                "booking.held",
                amount=booking.amount,
                currency=booking.currency,
                starts_at=starts_at.isoformat(),
                refund_notice_seconds=int(booking.refund_notice.total_seconds()),
            )
    return booking, True


def _unavailable() -> DomainError:
    return DomainError("service_unavailable", "This service can't be booked.", status=400)


def _live_hold(
    customer: AbstractUser, service: Service, starts_at: datetime, now: datetime
) -> Booking | None:
    return (
        Booking.objects.select_related("service", "resource")
        .filter(
            customer_id=customer.pk,
            service=service,
            starts_at=starts_at,
            status=BookingStatus.PENDING_PAYMENT,
            hold_expires_at__gt=now,
        )
        .first()
    )


def can_confirm(story: Story) -> bool:
    """Tell whether a payment that arrives now still finds its place (locks the service if need be)."""
    booking = story.booking
    if booking.status == BookingStatus.PENDING_PAYMENT:
        return True
    if booking.status != BookingStatus.EXPIRED or booking.starts_at <= story.now:
        return False
    service = occupancy.lock(booking.service_id)
    return occupancy.has_room(service, starts_at=booking.starts_at, ends_at=booking.ends_at, besides=booking)


def confirm(story: Story) -> None:
    """The payment is in: the appointment stands."""
    story.move(story.booking, BookingStatus.CONFIRMED, hold_expires_at=None)
    messages.enqueue(story, "booking_confirmed")


def refuse_unless_cancellable(booking: Booking, now: datetime) -> None:
    """Raise DomainError unless the booking may be cancelled now: not_cancellable, already_started."""
    if booking.status not in (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED):
        raise DomainError("not_cancellable", f"This booking is {booking.get_status_display()}.")
    if booking.starts_at <= now:
        raise DomainError("already_started", "The appointment has already started.")


def cancel(story: Story, *, why: dict[str, object]) -> None:
    """Free the slot, at once and whatever becomes of the money."""
    story.move(
        story.booking,
        BookingStatus.CANCELLED,
        why=why,
        cancelled_at=story.now,
        hold_expires_at=None,
    )


def expire(story: Story) -> None:
    """Nobody paid in time. Call only after Stripe said that nothing can arrive any more."""
    story.move(story.booking, BookingStatus.EXPIRED)


def complete_ended(clock: Callable[[], datetime], *, limit: int = 100) -> int:
    """Complete confirmed bookings whose time is over; returns how many."""
    now = clock()
    ended = Booking.objects.filter(status=BookingStatus.CONFIRMED, ends_at__lte=now).order_by("ends_at")
    return ENDED.each(ENDED.ready(ended, now=now)[:limit], lambda one: _complete(one, clock()), clock)


def _complete(booking: Booking, now: datetime) -> None:
    with story_of(Booking.objects.filter(pk=booking.pk), by=SYSTEM, now=now) as story:
        if story.booking.status == BookingStatus.CONFIRMED:
            story.move(story.booking, BookingStatus.COMPLETED)

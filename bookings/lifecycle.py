"""What can happen to a booking, under the row's lock; how one is made is in selling.py."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from bookings import messages, reminders
from bookings.audit import By, Story, story_of
from bookings.calendar import occupancy
from bookings.models import Booking, BookingStatus
from core.errors import DomainError
from core.work.sweeps import Sweep

SYSTEM = By("system", "worker")
ENDED = Sweep("ended bookings")


def can_confirm(story: Story, *, paid_at: datetime | None = None) -> bool:
    """Tell whether a payment still finds its place (locks the service if need be).

    What was paid only after the appointment began doesn't, whenever we hear of it.
    """
    booking = story.booking
    if paid_at is not None and booking.starts_at <= paid_at:
        return False
    if booking.status == BookingStatus.PENDING_PAYMENT:
        return True
    if booking.status != BookingStatus.EXPIRED or booking.starts_at <= story.now:
        return False
    try:
        _place_again(booking, story.now)
    except DomainError:
        return False
    return True


def confirm(story: Story) -> None:
    """The payment is in: the appointment stands, in its place or, if it had lost it, in one that is free."""
    booking = story.booking
    lost = booking.status == BookingStatus.EXPIRED
    taken = occupancy.take(_place_again(booking, story.now)) if lost else {}
    story.move(booking, BookingStatus.CONFIRMED, hold_expires_at=None, **taken)
    messages.enqueue(story, "booking_confirmed", later=reminders.of(story))


def _place_again(booking: Booking, now: datetime) -> occupancy.Place:
    """The same resource if it is still free then, else another. Raises DomainError if none is."""
    service = occupancy.lock(booking.service_id)
    for resource in (booking.resource_id, None):
        try:
            return occupancy.find(
                service, booking.starts_at, now=now, resource=resource, besides=booking, freely=True
            )
        except DomainError:
            if resource is None:
                raise
    raise AssertionError("not reached")


def refuse_unless_cancellable(booking: Booking, now: datetime) -> None:
    """Raise DomainError unless the booking may be cancelled now: not_cancellable, already_started."""
    if booking.status not in (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED):
        raise DomainError(
            "not_cancellable", _("This booking can't be cancelled: it is over, or was never paid.")
        )
    if booking.starts_at <= now:
        raise DomainError("already_started", _("The appointment has already started."))


def cancel(story: Story, *, why: dict[str, object]) -> None:
    """Free the slot, at once and whatever becomes of the money."""
    story.move(
        story.booking,
        BookingStatus.CANCELLED,
        why=why,
        cancelled_at=story.now,
        hold_expires_at=None,
        **occupancy.release(story.booking),
    )


def expire(story: Story) -> None:
    """Nobody paid in time. Call only after Stripe said that nothing can arrive any more."""
    story.move(story.booking, BookingStatus.EXPIRED, **occupancy.release(story.booking))


def complete_ended(clock: Callable[[], datetime], *, limit: int = 100) -> int:
    """Complete confirmed bookings whose time is over; returns how many."""
    now = clock()
    ended = Booking.objects.filter(status=BookingStatus.CONFIRMED, ends_at__lte=now).order_by("ends_at")
    return ENDED.each(ENDED.ready(ended, now=now)[:limit], lambda one: _complete(one, clock()), clock)


def _complete(booking: Booking, now: datetime) -> None:
    with story_of(Booking.objects.filter(pk=booking.pk), by=SYSTEM, now=now) as story:
        if story.booking.status == BookingStatus.CONFIRMED:
            story.move(story.booking, BookingStatus.COMPLETED)

"""Who came and who didn't: what staff note on the day, and take back."""

from datetime import timedelta

from django.utils.translation import gettext as _

from bookings.audit import Story
from bookings.models import BookingStatus
from core.errors import DomainError

NO_SHOW_UNDONE = timedelta(days=7)


def arrive(story: Story, *, arrived: bool = True) -> None:
    """The customer is here; or it was a mistake. Raises DomainError: not_confirmed."""
    if story.booking.status != BookingStatus.CONFIRMED:
        raise DomainError(
            "not_confirmed",
            _("This booking is %(state)s.") % {"state": story.booking.get_status_display().lower()},
        )
    if (story.booking.arrived_at is not None) == arrived:
        return
    story.change(arrived_at=story.now if arrived else None)
    story.record("booking.arrived" if arrived else "booking.not_arrived")


def no_show(story: Story) -> None:
    """The customer did not come: nothing goes back.

    Raises DomainError: not_started, not_confirmed, arrived.
    """
    booking = story.booking
    if booking.status == BookingStatus.NO_SHOW:
        return
    if booking.status not in (BookingStatus.CONFIRMED, BookingStatus.COMPLETED):
        raise DomainError(
            "not_confirmed", _("This booking is %(state)s.") % {"state": booking.get_status_display().lower()}
        )
    if story.now < booking.starts_at:
        raise DomainError("not_started", _("The appointment has not started yet."))
    if booking.arrived_at is not None:
        raise DomainError("arrived", _("The customer is marked as arrived. Take that back first."))
    story.move(booking, BookingStatus.NO_SHOW)


def undo_no_show(story: Story) -> None:
    """They came after all. Raises DomainError: not_no_show, too_late (a week after the start)."""
    booking = story.booking
    if booking.status != BookingStatus.NO_SHOW:
        raise DomainError("not_no_show", _("This booking is not marked as a no-show."))
    if story.now > booking.starts_at + NO_SHOW_UNDONE:
        raise DomainError("too_late", _("A no-show can be taken back for a week."))
    is_over = booking.ends_at <= story.now
    story.move(booking, BookingStatus.COMPLETED if is_over else BookingStatus.CONFIRMED)

"""An appointment gets another time; payment, reference and story stay. Moving never buys a refund."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings import messages, reminders
from bookings.audit import By, story_of
from bookings.calendar import occupancy
from bookings.calendar.occupancy import Place
from bookings.models import Booking, BookingStatus
from core.errors import DomainError

# Whom the business moves has this long to cancel for everything, however late it is.
TIME_TO_REFUSE = timedelta(days=1)


@dataclass(frozen=True)
class MoveQuote:
    """What moving there would mean; `code` says why it can't be done. Times are UTC."""

    booking: Booking
    code: str | None
    starts_at: datetime
    ends_at: datetime
    refundable_until: datetime
    now: datetime


class TermsChanged(Exception):
    """The customer agreed to another end of free cancellation: nothing is moved until they have seen this."""

    def __init__(self, quote: MoveQuote) -> None:
        super().__init__("terms_changed")
        self.quote = quote


def refundable_until(booking: Booking, starts_at: datetime, *, by_business: bool, now: datetime) -> datetime:
    """Until when cancelling would give everything back after moving to `starts_at`.

    The business never takes from that time: it only adds to it, but never beyond the start.
    """
    agreed = starts_at - booking.refund_notice
    if not by_business:
        return agreed
    until: datetime = booking.refundable_until
    return min(starts_at, max(until, agreed, now + TIME_TO_REFUSE))


def quote(
    booking: Booking,
    starts_at: datetime,
    *,
    resource_id: int | None = None,
    now: datetime,
    by_business: bool = False,
) -> MoveQuote:
    """Say what moving there now would mean; changes nothing. Raises CannotDoIt."""
    code = None
    try:
        _refuse_unless_movable(booking, starts_at, by_business=by_business, now=now)
        if not _is_there(booking, starts_at, resource_id):
            with transaction.atomic():
                _find(booking, starts_at, resource_id, by_business=by_business, now=now)
    except occupancy.CannotDoIt:
        raise
    except DomainError as error:
        code = error.code
    return _quote(booking, starts_at, code, by_business=by_business, now=now)


def move(
    bookings: QuerySet[Booking],
    starts_at: datetime,
    *,
    resource_id: int | None = None,
    expected_refundable_until: datetime | None = None,
    by: By,
    now: datetime,
    by_business: bool = False,
) -> Booking:
    """Move the one booking that the query names; asked again it is the same. It never loses both places.

    A customer may while cancelling would give everything back, staff until it starts and to any open minute.
    Raises Booking.DoesNotExist, TermsChanged, or DomainError: too_late_to_move, not_movable, slot_taken,
    not_offered, invalid (a resource that can't do it).
    """
    with story_of(bookings, by=by, now=now) as story:
        booking = story.booking
        if _is_there(booking, starts_at, resource_id):
            return booking
        _refuse_unless_movable(booking, starts_at, by_business=by_business, now=now)
        place = _find(booking, starts_at, resource_id, by_business=by_business, now=now)
        quoted = _quote(booking, starts_at, None, by_business=by_business, now=now)
        if expected_refundable_until not in (None, quoted.refundable_until):
            raise TermsChanged(quoted)
        story.record(
            "booking.moved",
            **{"from": booking.starts_at.isoformat(), "to": starts_at.isoformat()},
            resource=place.resource.pk if place.resource else None,
            refundable_until=quoted.refundable_until.isoformat(),
            by_business=by_business,
        )
        before = booking.starts_at
        occupancy.release(booking)
        story.change(
            **occupancy.take(place),
            starts_at=starts_at,
            ends_at=place.ends_at,
            refundable_until=quoted.refundable_until,
            moves=booking.moves + 1,
        )
        messages.enqueue(
            story,
            "booking_moved",
            about=str(booking.moves),
            later=reminders.of(story),
            before=before.isoformat(),
            by_business=by_business,
        )
    return booking


def _is_there(booking: Booking, starts_at: datetime, resource_id: int | None) -> bool:
    stands = booking.status == BookingStatus.CONFIRMED
    return stands and booking.starts_at == starts_at and resource_id in (None, booking.resource_id)


def _refuse_unless_movable(
    booking: Booking, starts_at: datetime, *, by_business: bool, now: datetime
) -> None:
    if booking.status != BookingStatus.CONFIRMED or booking.starts_at <= now:
        raise DomainError("not_movable", _("This booking can't be moved."))
    if not by_business and now > booking.refundable_until:
        raise DomainError(
            "too_late_to_move", _("It is too late to move this appointment: free cancellation has ended.")
        )
    if by_business and starts_at <= now:
        raise DomainError("starts_in_past", _("Choose a time in the future."), status=400)


def _find(
    booking: Booking, starts_at: datetime, resource_id: int | None, *, by_business: bool, now: datetime
) -> Place:
    """The place of the one that was named, else of the same as before if they are free, else of another."""
    service = occupancy.lock(booking.service_id)
    if resource_id is None and booking.resource_id is not None:
        try:
            return occupancy.find(
                service, starts_at, now=now, resource=booking.resource_id, besides=booking, freely=by_business
            )
        except DomainError:
            pass  # perhaps another is
    return occupancy.find(
        service, starts_at, now=now, resource=resource_id, besides=booking, freely=by_business
    )


def _quote(
    booking: Booking, starts_at: datetime, code: str | None, *, by_business: bool, now: datetime
) -> MoveQuote:
    stays = starts_at == booking.starts_at
    until = refundable_until(booking, starts_at, by_business=by_business, now=now)
    return MoveQuote(
        booking=booking,
        code=code,
        starts_at=starts_at,
        ends_at=starts_at + (booking.ends_at - booking.starts_at),
        refundable_until=booking.refundable_until if stays else until,
        now=now,
    )

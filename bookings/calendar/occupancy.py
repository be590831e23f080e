"""Who has what when. Locks are taken in one order: booking, then service, then resources by key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.calendar.availability import Judged, Slot, free_times, judge, least_busy, nearest
from bookings.calendar.bookable import Bookable
from bookings.calendar.hours import DAY
from bookings.models import Booking, Occupation, Resource, Service
from core.errors import DomainError

NEAREST = 3
LOOKED_AT = timedelta(days=5)


@dataclass(frozen=True)
class Place:
    """A free place in the calendar, kept by the locks of this transaction until it is taken."""

    bookable: Bookable
    starts_at: datetime
    resource: Resource | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.bookable.length


class CannotDoIt(DomainError):
    """The resource that was named isn't one of those that can do the service."""

    def __init__(self) -> None:
        detail = _("Choose one of those that can do this service.")
        at_fault = {"field": "resource", "code": "invalid", "detail": detail}
        super().__init__("invalid", detail, status=400, extra={"errors": [at_fault]})


def lock(service_id: int) -> Service:
    """Make everyone who books this service wait in line until the transaction ends."""
    return Service.objects.select_for_update(no_key=True).get(pk=service_id)


def lock_all() -> None:
    """Make everyone who books anything wait in line: hours or closures are about to change."""
    list(Service.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def find(
    service: Service,
    starts_at: datetime,
    *,
    now: datetime,
    resource: int | None = None,
    besides: Booking | None = None,
    freely: bool = False,
) -> Place:
    """Find the place for an appointment of a locked service; the least busy resource unless one is named.

    `besides` is a booking that is moved: its own place is free to it, and it is as long as it was sold.
    `freely` asks only that it is open and free: for staff, and for what was agreed before.
    Raises DomainError: invalid, not_offered (with the nearest offered times), slot_taken.
    """
    try:
        length = besides.ends_at - besides.starts_at if besides else None
        bookable = Bookable.of(service, resource=resource, length=length)
    except Resource.DoesNotExist:
        raise CannotDoIt from None
    _lock_resources(bookable)
    day = starts_at.astimezone(bookable.business.zone).date()
    diaries = bookable.diaries(day, day, besides=besides)
    judged, free = judge(diaries, starts_at, now, freely=freely)
    if judged == Judged.TAKEN:
        raise DomainError("slot_taken", _("This time was just taken. Choose another."))
    if judged == Judged.NOT_OFFERED:
        raise _not_offered(bookable, starts_at, now, besides)
    chosen = least_busy(diaries, starts_at, free).resource
    return Place(bookable, starts_at, next((one for one in bookable.able if one.pk == chosen), None))


def take(place: Place) -> dict[str, Any]:
    """Occupy a place that was found in this transaction; returns the booking's new fields."""
    if place.resource is None:
        return {"resource_id": None, "occupation_id": None}
    return {"resource_id": place.resource.pk, "occupation_id": _occupy(place, place.resource).pk}


def _occupy(place: Place, resource: Resource) -> Occupation:
    service, terms = place.bookable.service, place.bookable.terms
    if terms.capacity > 1:
        same = {"resource": resource, "service": service, "begins_at": place.starts_at}
        shared = Occupation.objects.select_for_update().filter(**same).first()
        if shared is not None:
            return shared
    return Occupation.objects.create(
        resource=resource,
        service=service,
        begins_at=place.starts_at,
        starts_at=place.starts_at - terms.before,
        ends_at=place.ends_at + terms.after,
    )


def release(booking: Booking) -> dict[str, Any]:
    """Give up a locked booking's place, and what it shares if it was the last; returns its new fields."""
    if booking.occupation_id is None:
        return {}
    shared = Occupation.objects.select_for_update().filter(pk=booking.occupation_id)
    if (
        shared.exists()
        and not Booking.objects.filter(occupation=booking.occupation_id).exclude(pk=booking.pk).exists()
    ):
        Booking.objects.filter(pk=booking.pk).update(occupation=None)
        shared.delete()
    return {"occupation_id": None}


def _lock_resources(bookable: Bookable) -> None:
    keys = [one.pk for one in bookable.able]
    locked = Resource.objects.select_for_update(no_key=True).filter(pk__in=keys)
    list(locked.order_by("pk").values_list("pk", flat=True))


def _not_offered(bookable: Bookable, at: datetime, now: datetime, besides: Booking | None) -> DomainError:
    terms, zone = bookable.terms, bookable.business.zone
    soonest, latest = now + terms.lead, now + terms.horizon
    around = min(max(at, soonest), latest)
    first, last = (around - LOOKED_AT).astimezone(zone).date(), (around + LOOKED_AT).astimezone(zone).date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    diaries = bookable.diaries(first, last, besides=besides)
    slots = nearest(free_times(diaries, days, now), around, NEAREST)
    return DomainError(
        "not_offered",
        _("This time is not offered. Choose one of the free times."),
        extra={"nearest": [slot_answer(slot) for slot in slots]},
    )


def slot_answer(slot: Slot) -> dict[str, Any]:
    """A free time as the contract has it."""
    return {
        "starts_at": zulu(slot.starts_at),
        "ends_at": zulu(slot.ends_at),
        "local": slot.local.isoformat(timespec="minutes"),
        "resources": slot.resources,
        "places": slot.places,
    }


def zulu(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat() + "Z"

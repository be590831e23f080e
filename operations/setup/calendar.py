"""The calendar: hours, services that somebody can do, and bookings that lie outside."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef

from bookings.calendar.outside import outside
from bookings.models import CalendarException, Hours, Resource, Service
from bookings.placing import without_place
from operations.setup.result import Result, ok, warning

SHOWN = 3


def hours(now: datetime) -> Iterator[Result]:
    """Without hours everything can be booked, at night too."""
    if Hours.objects.filter(resource=None).exists():
        yield ok("hours", "the business has opening hours")
    elif CalendarException.objects.filter(opens__isnull=False, is_closed=False, resource=None).exists():
        yield ok("hours", "the business opens on single days")
    else:
        yield warning(
            "hours",
            "no opening hours: any minute can be booked",
            "Set them under Calendar, Hours, in the admin.",
        )


def services(now: datetime) -> Iterator[Result]:
    """Each service that is offered can be done by somebody."""
    assigned = Resource.objects.filter(services=OuterRef("pk"))
    offered = Service.objects.filter(is_active=True)
    nobodys = offered.filter(Exists(assigned), ~Exists(assigned.filter(is_active=True)))
    names = list(nobodys.values_list("name", flat=True))
    if not names:
        yield ok("services", f"{offered.count()} offered")
        return
    advice = "Give each a person or room, or take it off the list."
    yield warning("services", f"nobody can do {', '.join(names[:SHOWN])}", advice)


def bookings(now: datetime) -> Iterator[Result]:
    """No booking to come lies in a closure, off the hours or with somebody retired."""
    found = outside(now)
    if not found:
        yield ok("bookings", "none outside the hours")
        return
    names = ", ".join(booking.reference for booking in found[:SHOWN])
    advice = "Move or cancel each from its page, or change the hours."
    yield warning("bookings", f"{len(found)} outside the hours, such as {names}", advice)


def places(now: datetime) -> Iterator[Result]:
    """Each booking to come has somebody, if its service needs somebody."""
    found = list(without_place(now).values_list("reference", flat=True))
    if not found:
        yield ok("places", "every booking has whom it needs")
        return
    advice = "Move each from its page to a time at which somebody is free, or cancel it."
    yield warning("places", f"{len(found)} have nobody, such as {', '.join(found[:SHOWN])}", advice)

"""Bookings from before their service needed somebody get one of those who can do it, where one is free."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from bookings.audit import By, story_of
from bookings.calendar import occupancy
from bookings.models import Booking, Resource, Service
from core.errors import DomainError


def without_place(now: datetime) -> QuerySet[Booking]:
    """The bookings to come that have nobody, though their service needs somebody; soonest first."""
    needs = Exists(Resource.objects.filter(services=OuterRef("service")))
    coming = Booking.objects.filter(needs, status__in=Booking.OCCUPYING, starts_at__gt=now, occupation=None)
    return coming.order_by("starts_at", "pk")


def place_all(service: Service, *, by: By, now: datetime) -> tuple[list[Booking], list[Booking]]:
    """Find somebody for each booking of this service that has nobody; returns those placed, and those left.

    Call outside of a transaction: each booking gets one of its own.
    """
    placed: list[Booking] = []
    left: list[Booking] = []
    for booking in list(without_place(now).filter(service=service)):
        (placed if _place(booking, by=by, now=now) else left).append(booking)
    return placed, left


def _place(booking: Booking, *, by: By, now: datetime) -> bool:
    with story_of(without_place(now).filter(pk=booking.pk), by=by, now=now) as story:
        service = occupancy.lock(booking.service_id)
        try:
            place = occupancy.find(service, booking.starts_at, now=now, besides=story.booking, freely=True)
        except DomainError:
            return False
        story.change(**occupancy.take(place))
        story.record("booking.placed", resource=place.resource.pk if place.resource else None)
    return True

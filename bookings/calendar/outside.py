"""Bookings to come that lie outside the calendar as it is: closed, or with somebody who can't do it now."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bookings.calendar.bookable import rules_of
from bookings.calendar.hours import DAY, NONE
from bookings.calendar.open_time import open_time
from bookings.models import Booking, Business, Service

# So many are looked at, soonest first: who changes hours looks at the next weeks.
MOST = 2000


def outside(now: datetime) -> list[Booking]:
    """The bookings to come that nobody could book any more, soonest first."""
    coming = Booking.objects.filter(status__in=Booking.OCCUPYING, starts_at__gt=now)
    bookings = list(coming.select_related("resource", "customer").order_by("starts_at", "pk")[:MOST])
    left = {booking.pk for booking in _not_open(bookings)}
    left |= {booking.pk for booking in _with_nobody_able(bookings)}
    return [booking for booking in bookings if booking.pk in left]


def newly_outside(change: Callable[[], object], now: datetime) -> list[Booking]:
    """What a change of the calendar would leave outside; tried out and taken back."""
    before = {booking.pk for booking in outside(now)}
    with transaction.atomic():
        change()
        after = outside(now)
        transaction.set_rollback(True)
    return [booking for booking in after if booking.pk not in before]


def _with_nobody_able(bookings: Sequence[Booking]) -> Iterator[Booking]:
    """Theirs who are retired, or were taken off the service."""
    able = set(Service.resources.through.objects.values_list("service_id", "resource_id"))
    for one in bookings:
        if one.resource is not None and not (
            one.resource.is_active and (one.service_id, one.resource_id) in able
        ):
            yield one


def _not_open(bookings: Sequence[Booking]) -> Iterator[Booking]:
    if not bookings:
        return
    zone = Business.current().zone
    first, last = (one.astimezone(zone).date() for one in (bookings[0].starts_at, bookings[-1].ends_at))
    last = max(last, max(booking.ends_at for booking in bookings).astimezone(zone).date())
    rules = rules_of(Q(), first - DAY, last + DAY)
    by_resource: dict[int | None, list[Booking]] = defaultdict(list)
    for booking in bookings:
        by_resource[booking.resource_id].append(booking)
    for resource, theirs in by_resource.items():
        opened = open_time(first, last, zone, rules[None], rules.get(resource, NONE) if resource else NONE)
        yield from (one for one in theirs if not opened.covers(one.starts_at, one.ends_at))

"""A service as it can be booked now: what is free, as the database has it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bookings.calendar import clocks
from bookings.calendar.availability import Diary, Taken, Terms
from bookings.calendar.hours import DAY, Rules, Special, Weekly
from bookings.calendar.open_time import open_time
from bookings.models import Booking, Business, CalendarException, Hours, Occupation, Resource, Service
from core.storage import rows
from core.storage.rows import Where

Busy = dict[int | None, list[Taken]]


@dataclass(frozen=True)
class Bookable:
    """A service in its business, and who or what can do it; `resource` if one was asked for.

    `length` is another than the service's for an appointment that was sold before.
    """

    service: Service
    business: Business
    needs_resource: bool
    able: tuple[Resource, ...]
    length: timedelta

    @classmethod
    def of(
        cls, service: Service, *, resource: int | None = None, length: timedelta | None = None
    ) -> "Bookable":
        """Read it. Raises Resource.DoesNotExist for a resource that can't do it, or no longer."""
        assigned = sorted(rows.read(Resource, _assigned_to(service)), key=lambda one: one.pk)
        able = tuple(one for one in assigned if one.is_active and resource in (None, one.pk))
        if resource is not None and not able:
            raise Resource.DoesNotExist
        return cls(service, Business.current(), bool(assigned), able, length or service.duration)

    @cached_property
    def terms(self) -> Terms:
        service, business = self.service, self.business
        return Terms(
            duration=self.length,
            step=service.step or business.step,
            lead=business.lead if service.lead is None else service.lead,
            horizon=service.horizon or business.horizon,
            before=service.buffer_before,
            after=service.buffer_after,
            capacity=service.capacity,
        )

    def span(self, first: date, last: date) -> tuple[datetime, datetime]:
        """From when until when these days can be busy (UTC), with a day on both sides."""
        midnights = (datetime.combine(day, time()) for day in (first - DAY, last + 2 * DAY))
        start, end = (clocks.moment(midnight, self.business.zone) for midnight in midnights)
        return start - self.terms.before, end + self.length + self.terms.after

    def rules(self, first: date, last: date) -> dict[int | None, Rules]:
        """Hours and exceptions of the business (None) and of each resource."""
        whose = Q(resource=None) | Q(resource__in=self.able)
        return rules_of(whose, first - DAY, last + self.length + 2 * DAY)

    def diaries(
        self,
        first: date,
        last: date,
        *,
        rules: dict[int | None, Rules] | None = None,
        taken: Busy | None = None,
        besides: Booking | None = None,
    ) -> list[Diary]:
        """The diaries of all who can do it on these days; `besides` gives up its place."""
        rules = self.rules(first, last) if rules is None else rules
        taken = self.taken(first, last, besides=besides) if taken is None else taken
        until, zone = last + self.length + DAY, self.business.zone
        usual = open_time(first, until, zone, rules[None])
        # Who has no hours and no days of their own works the business's: worked out once for all.
        opened = {
            one.pk: open_time(first, until, zone, rules[None], rules[one.pk])
            for one in self.able
            if one.pk in rules
        }
        whose = [one.pk for one in self.able] if self.needs_resource else [None]
        return [Diary(one, self.terms, opened.get(one, usual) if one else usual, taken[one]) for one in whose]

    def occupations(self, start: datetime, end: datetime) -> QuerySet[Occupation]:
        """What the resources are busy with between two moments, found by when it ends, as the index has it.

        As what one is busy with never overlaps, only the first that ends after `end` can have begun before.
        """
        able = [one.pk for one in self.able]
        later = Occupation.objects.filter(resource=OuterRef("pk"), ends_at__gt=end).order_by("ends_at")
        first = Resource.objects.filter(pk__in=able).values(key=Subquery(later.values("pk")[:1]))
        last = Occupation.objects.filter(pk__in=first, starts_at__lt=end).order_by("-ends_at")
        until = Coalesce(Subquery(last.values("ends_at")[:1]), Value(end))
        return Occupation.objects.filter(
            resource__in=able, ends_at__gt=start, ends_at__lte=until, starts_at__lt=end
        )

    def unplaced(self, start: datetime, end: datetime) -> QuerySet[Booking]:
        """The bookings of a service that needs no resource."""
        between = Booking.objects.filter(service=self.service, ends_at__gt=start, starts_at__lt=end)
        return between.filter(status__in=Booking.OCCUPYING)

    def taken(self, first: date, last: date, *, besides: Booking | None = None) -> Busy:
        """What each resource is busy with on these days, in order."""
        start, end = self.span(first, last)
        taken: Busy = defaultdict(list)
        if self.needs_resource:
            for resource, one in self._occupied(start, end, besides):
                taken[resource].append(one)
            return taken
        bookings = self.unplaced(start, end)
        if besides:
            bookings = bookings.exclude(pk=besides.pk)
        before, after = self.terms.before, self.terms.after
        taken[None] = [
            Taken(begins - before, ends + after)
            for begins, ends in bookings.values_list("starts_at", "ends_at")
        ]
        return taken

    def _occupied(
        self, start: datetime, end: datetime, besides: Booking | None
    ) -> Iterable[tuple[int, Taken]]:
        found = self.occupations(start, end)
        sharing = self.terms.capacity > 1
        if sharing or besides:
            others = Q() if besides is None else ~Q(bookings=besides.pk)
            found = found.annotate(sharers=Count("bookings", filter=others))
        # Plain values, and no more than are needed: to make models of them would take longer than the rest.
        plain = ("resource_id", "starts_at", "ends_at")
        if not sharing and not besides:
            yield from ((one, Taken(*times)) for one, *times in found.values_list(*plain))
            return
        for row in found.values_list(*plain, "pk", "service_id", "begins_at", "sharers"):
            resource, start, end, key, service, begins_at, count = row
            if besides and key == besides.occupation_id and not count:
                continue
            joins = begins_at if sharing and service == self.service.pk else None
            yield resource, Taken(start, end, joins, max(0, self.terms.capacity - count))


def _assigned_to(service: Service) -> Where:
    assigned = "SELECT resource_id FROM bookings_service_resources WHERE service_id = %s"
    return Where(f"id IN ({assigned})", (service.pk,))


def rules_of(whose: Q, first: date, last: date) -> dict[int | None, Rules]:
    """Hours, and exceptions that touch these days, by resource; None is the business."""
    weekly: dict[int | None, list[Weekly]] = defaultdict(list)
    special: dict[int | None, list[Special]] = defaultdict(list)
    hours = ("resource_id", "weekday", "opens", "closes", "valid_from", "valid_until")
    for owner, *values in Hours.objects.filter(whose).order_by("pk").values_list(*hours):
        weekly[owner].append(Weekly(*values))
    days = ("resource_id", "first_day", "last_day", "opens", "closes", "is_closed")
    touching = CalendarException.objects.filter(whose, first_day__lte=last, last_day__gte=first)
    for owner, *values in touching.order_by("pk").values_list(*days):
        special[owner].append(Special(*values))
    found = {owner: Rules(weekly[owner], special[owner]) for owner in {None, *weekly, *special}}
    if not weekly[None]:
        single_days = CalendarException.objects.filter(resource=None, opens__isnull=False, is_closed=False)
        found[None] = Rules((), special[None], only_special=single_days.exists())
    return found

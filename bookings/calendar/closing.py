"""Time that the business closes: first nobody can book into it, then what is in it is dealt with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from bookings.calendar import clocks, occupancy
from bookings.calendar.bookable import rules_of
from bookings.calendar.hours import DAY, NONE, Shift, shift, shifts_on
from bookings.models import Booking, Business, CalendarException, Resource


@dataclass(frozen=True)
class Closing:
    """Days, or some hours of each (`closes` not later than `opens` is on the next day), for all or one."""

    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None
    resource: Resource | None = None

    def bookings(self) -> QuerySet[Booking]:
        """The bookings that stand and lie in it, in part at least, past midnight too."""
        zone, within = Business.current().zone, Q(pk__in=())
        for closed in self._shifts():
            start, end = clocks.moment(closed.start, zone), clocks.moment(closed.end, zone)
            within |= Q(starts_at__lt=end, ends_at__gt=start)
        standing = Booking.objects.filter(within, status__in=Booking.OCCUPYING)
        if self.resource is not None:
            standing = standing.filter(resource=self.resource)
        return standing.select_related("service", "customer").order_by("starts_at", "id")

    def write(self, note: str = "") -> CalendarException:
        """Close it. Call in a transaction: whoever books waits until it ends, and then reads this."""
        occupancy.lock_all()
        return CalendarException.objects.create(
            resource=self.resource,
            first_day=self.first_day,
            last_day=self.last_day,
            opens=self.opens,
            closes=self.closes,
            is_closed=True,
            note=note,
        )

    def _shifts(self) -> Iterator[Shift]:
        """The closed time on the wall; a whole day ends with the last opening that began on it."""
        rules = rules_of(Q(), self.first_day - DAY, self.last_day + DAY)
        whose = rules if self.resource is None else {self.resource.pk}
        for number in range((self.last_day - self.first_day).days + 1):
            day = self.first_day + DAY * number
            if self.opens is not None and self.closes is not None:
                yield shift(day, self.opens, self.closes)
                continue
            openings = [one for who in whose for one in shifts_on(day, rules[None], rules.get(who, NONE))]
            midnight = datetime.combine(day, time())
            yield Shift(midnight, max([midnight + DAY, *(one.end for one in openings)]))

"""The free times of a service as the API answers them, and a tag that tells whether they would be others."""

from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from bookings.calendar.availability import Day, free_times
from bookings.calendar.bookable import Bookable
from bookings.calendar.hours import DAY
from bookings.calendar.occupancy import slot_answer
from bookings.models import Service


class FreeTimes:
    """Some days of a service, from `first` on (today where it is empty). Everything is read once.

    Raises Resource.DoesNotExist for a resource that can't do it.
    """

    def __init__(
        self, service: Service, *, first: date | None, days: int, resource: int | None, now: datetime
    ) -> None:
        self.bookable = Bookable.of(service, resource=resource)
        zone = self.bookable.business.zone
        first = first or now.astimezone(zone).date()
        self.days = [first + DAY * number for number in range(days)]
        self.now = now
        self.rules = self.bookable.rules(self.days[0], self.days[-1])
        self.taken = self.bookable.taken(self.days[0], self.days[-1])

    @cached_property
    def tag(self) -> str:
        """The same while hours, terms, occupations and what the clock has to say of them are."""
        bookable, terms = self.bookable, self.bookable.terms
        start, end = bookable.span(self.days[0], self.days[-1])
        able = [one.pk for one in bookable.able]
        # Of the clock counts only when a time ceases to be too soon or too far, which is on the minute.
        edges = [
            _minute(min(max(edge, start), end)) for edge in (self.now + terms.lead, self.now + terms.horizon)
        ]
        made_of = (
            bookable.service.pk,
            bookable.business.time_zone,
            bookable.needs_resource,
            able,
            terms,
            self.days[0],
            len(self.days),
            edges,
            sorted(self.rules.items(), key=lambda item: item[0] or 0),
            sorted((whose or 0, sorted(taken)) for whose, taken in self.taken.items()),
        )
        return f'"{sha256(repr(made_of).encode()).hexdigest()[:32]}"'

    def read(self) -> list[Day]:
        """The days with their free times."""
        first, last = self.days[0], self.days[-1]
        diaries = self.bookable.diaries(first, last, rules=self.rules, taken=self.taken)
        return free_times(diaries, self.days, self.now)

    def answer(self) -> dict[str, Any]:
        """As the contract has it."""
        return {
            "service": self.bookable.service.pk,
            "time_zone": self.bookable.business.time_zone,
            "days": [_day_answer(day) for day in self.read()],
        }


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _day_answer(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "why_none": day.why_none,
        "slots": [slot_answer(slot) for slot in day.slots],
    }

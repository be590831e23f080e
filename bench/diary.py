"""A salon's diary: who works there, what they do, and the next free place of a day."""

import math
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings.models import Business, Hours, Resource, Service

OPENS, CLOSES = 9, 18
A_DAY = CLOSES - OPENS  # appointments of one person, an hour each
SPARE = 1.15
# Name, price in minor units, currency, minutes.
SERVICES = (
    ("Haircut and finish", 4500, "gbp", 45),
    ("Dry cut", 3200, "gbp", 30),
    ("Beard trim", 1800, "gbp", 15),
    ("Colour", 8900, "gbp", 60),
    ("Manicure", 2800, "gbp", 45),
    ("Consultation", 6000, "eur", 60),
    ("Facial", 7200, "eur", 60),
    ("Massage", 9800, "jpy", 45),
)
FIRST = "Maria Noor Olga Pia Ravi Sam Tess Uma Vera Will Yara Zoe".split()


class Price(NamedTuple):
    service: int
    name: str
    amount: int
    currency: str
    duration: timedelta


class Place(NamedTuple):
    starts_at: datetime
    resource: int


class Diary:
    """Gives out each place once. There are enough people for `per_day` appointments."""

    def __init__(self, per_day: float) -> None:
        count = max(3, math.ceil(per_day * SPARE / A_DAY))
        self.zone: ZoneInfo = Business.current().zone
        # Beside those who are there: their diaries may be full.
        there = Resource.objects.count()
        self.people = [_person(there + number) for number in range(count)]
        self.prices = [_price(*service) for service in SERVICES]
        for price in self.prices:
            Service.objects.get(pk=price.service).resources.add(*self.people)
        self._taken: Counter[date] = Counter()

    def place(self, day: date) -> Place:
        """The next free place on this day, or on the next that has one."""
        while self._taken[day] >= len(self.people) * A_DAY:
            day += timedelta(days=1)
        hour, person = divmod(self._taken[day], len(self.people))
        self._taken[day] += 1
        # Mixed up, so that a day that isn't full isn't all mornings.
        hour = (hour * 4 + person) % A_DAY
        starts_at = datetime.combine(day, time(OPENS + hour), self.zone)
        return Place(starts_at, self.people[(person + day.toordinal()) % len(self.people)])


def _person(number: int) -> int:
    person = Resource.objects.create(name=f"{FIRST[number % len(FIRST)]} {number // len(FIRST) + 1}")
    Hours.objects.bulk_create(
        [
            Hours(resource=person, weekday=day, opens=time(OPENS), closes=time(CLOSES))
            for day in Hours.Weekday.values
        ]
    )
    return person.pk


def _price(name: str, amount: int, currency: str, minutes: int) -> Price:
    service, _ = Service.objects.get_or_create(
        name=name,
        defaults={"price": amount, "currency": currency, "duration": timedelta(minutes=minutes)},
    )
    return Price(service.pk, service.name, service.price, service.currency, service.duration)

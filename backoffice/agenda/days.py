"""A day with a column for each person or room, or a week with a column for each day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.agenda.entries import Entry, Group, between, counted, groups
from backoffice.agenda.layout import HOUR, Block, Column, in_lanes, shown_hours
from bookings.calendar.bookable import rules_of
from bookings.calendar.hours import NONE, Rules
from bookings.calendar.open_time import open_time
from bookings.models import Business, Resource

DAY = timedelta(days=1)
WEEK = 7
# Of more than this in a week nobody could read the names: it is told in numbers.
MOST_IN_A_WEEK = 250
NOBODY = gettext_lazy("Without a person or room")


@dataclass(frozen=True)
class Agenda:
    """What the page shows: columns from `first` to `last` (minutes of the day)."""

    columns: Sequence[Column]
    first: int
    last: int
    count: int
    in_numbers: bool = False


@dataclass(frozen=True)
class Wall:
    """The business's clock, and what it opens when."""

    zone: ZoneInfo
    rules: dict[int | None, Rules]

    def minute(self, at: datetime, day: date) -> int:
        """A moment as minutes of this day on the wall, at most to its end."""
        shown = at.astimezone(self.zone).replace(tzinfo=None)
        minutes = (shown - datetime.combine(day, time())) // timedelta(minutes=1)
        return max(0, min(minutes, 24 * HOUR))

    def opened(self, day: date, resource: int | None) -> list[tuple[int, int]]:
        own = self.rules.get(resource, NONE) if resource else NONE
        stretches = open_time(day, day, self.zone, self.rules[None], own)
        spans = [
            (self.minute(start, day), self.minute(end, day))
            for start, end in zip(stretches.starts, stretches.ends, strict=True)
        ]
        return [(start, end) for start, end in spans if start < end]


def of_day(day: date, *, now: datetime, only: int | None = None) -> Agenda:
    """A column for each person or room who is active or has something to do."""
    wall, entries = _read(day, day, now, only)
    resources = list(Resource.objects.order_by("kind", "name", "pk"))
    busy = {entry.booking.resource_id for entry in entries}
    shown = [one for one in resources if (one.is_active or one.pk in busy) and only in (None, one.pk)]
    columns = [_of_resource(day, one, wall, entries, now) for one in shown]
    if only is None and (None in busy or not columns):
        columns.append(
            _column(str(NOBODY) if columns else _("Appointments"), "none", day, None, wall, entries)
        )
    return _agenda(columns, len(entries))


def of_week(day: date, *, now: datetime, only: int | None = None) -> Agenda:
    """A column for each day of the week that `day` is in; of one person or room, or of all."""
    monday = day - DAY * day.weekday()
    if only is None:
        counts = counted(monday, monday + DAY * (WEEK - 1), zone=Business.current().zone)
        if sum(counts.values()) > MOST_IN_A_WEEK:
            return _in_numbers(monday, counts)
    wall, entries = _read(monday, monday + DAY * (WEEK - 1), now, only)
    today = now.astimezone(wall.zone).date()
    columns = []
    for one in (monday + DAY * number for number in range(WEEK)):
        mine = [entry for entry in entries if entry.starts_at.date() == one]
        column = _column(f"{one:%a %-d %b}", one.isoformat(), one, only, wall, mine, of_all=True)
        column.is_today, column.link = one == today, f"?day={one}"
        columns.append(column)
    return _agenda(columns, len(entries))


def _in_numbers(monday: date, counts: dict[date, int]) -> Agenda:
    """A week that is too full to be shown: how many appointments each day has, and the way to it."""
    columns = []
    for day in (monday + DAY * number for number in range(WEEK)):
        name, title = day.isoformat(), f"{day:%a %-d %b}"
        columns.append(Column(title, name, name, link=f"?day={day}", count=counts.get(day, 0)))
    return Agenda(columns, *shown_hours(columns), sum(counts.values()), in_numbers=True)


def today(now: datetime) -> date:
    """Which day it is where the business is."""
    return now.astimezone(Business.current().zone).date()


def _read(first: date, last: date, now: datetime, only: int | None = None) -> tuple[Wall, list[Entry]]:
    zone = Business.current().zone
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + DAY))
    rules = rules_of(Q(), first - DAY, last + 2 * DAY)
    return Wall(zone, rules), between(start, end, zone=zone, now=now, only=only)


def _of_resource(day: date, one: Resource, wall: Wall, entries: list[Entry], now: datetime) -> Column:
    column = _column(one.name, str(one.pk), day, one.pk, wall, entries)
    column.link = f"?view=week&day={day}&who={one.pk}"
    column.is_today = day == now.astimezone(wall.zone).date()
    return column


def _column(
    title: str,
    key: str,
    day: date,
    resource: int | None,
    wall: Wall,
    entries: Iterable[Entry],
    *,
    of_all: bool = False,
) -> Column:
    mine = [entry for entry in entries if of_all or entry.booking.resource_id == resource]
    blocks = [_block(group, day, wall) for group in groups(mine)]
    return Column(
        title, key, day.isoformat(), resource, opened=wall.opened(day, resource), blocks=in_lanes(blocks)
    )


def _block(group: Group, day: date, wall: Wall) -> Block:
    return Block(wall.minute(group.first.starts_at, day), wall.minute(group.first.ends_at, day), group)


def _agenda(columns: Sequence[Column], count: int) -> Agenda:
    first, last = shown_hours(columns)
    return Agenda(columns, first, last, count)

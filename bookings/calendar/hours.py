"""When somebody can be booked: the hours of a week, and days that are otherwise. Pure.

Hours are what the clock on the wall shows (naive). A resource with hours of its own works those, everybody
else the business's. Days that open otherwise take the place of the week's hours; a resource with hours of its
own then works where both agree. A closure always wins. Without any hours everything is open, always.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Shift(NamedTuple):
    """From `start` until just before `end`; times are counted from `start`, unless any minute will do."""

    start: datetime
    end: datetime
    any_minute: bool = False


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours of one weekday (0 Monday); `closes` not later than `opens` is on the next day."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_until is not None and self.valid_until < day
        return day.weekday() == self.weekday and begun and not over


@dataclass(frozen=True, slots=True)
class Special:
    """Days that are otherwise: closed, open in these hours only, or (`is_closed`) closed in these hours."""

    first_day: date
    last_day: date
    opens: time | None = None
    closes: time | None = None
    is_closed: bool = False

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Rules:
    """Hours and exceptions of the business, or of one resource.

    `only_special`: there are no hours, but days (perhaps not among these) that open otherwise.
    """

    weekly: Sequence[Weekly] = ()
    special: Sequence[Special] = ()
    only_special: bool = False

    def opens_otherwise(self) -> bool:
        return self.only_special or any(_opens(one) for one in self.special)


NONE = Rules()


def shift(day: date, opens: time, closes: time) -> Shift:
    """The hours of one day, over midnight if they close no later than they open."""
    start, end = datetime.combine(day, opens), datetime.combine(day, closes)
    return Shift(start, end if start < end else end + DAY)


def shifts_on(day: date, business: Rules, own: Rules = NONE) -> list[Shift]:
    """The openings that begin on this day, before anything is closed."""
    mine, special = _otherwise(day, own), _otherwise(day, business)
    if mine:
        return mine
    if own.weekly:
        return list(_common(_of_week(day, own), special)) if special else _of_week(day, own)
    if special or business.weekly or business.opens_otherwise():
        return special or _of_week(day, business)
    midnight = datetime.combine(day, time())
    return [Shift(midnight, midnight + DAY, any_minute=True)]


def closures_on(day: date, business: Rules, own: Rules = NONE) -> list[Shift]:
    """What is closed on this day; a day that is closed ends with its last opening, past midnight too."""
    closures = []
    for one in (*business.special, *own.special):
        if one.covers(day) and not _opens(one):
            closures += _closed(one, day, business, own)
    return closures


def _closed(one: Special, day: date, business: Rules, own: Rules) -> list[Shift]:
    if one.opens is None or one.closes is None:
        return [shift(day, time(), time()), *shifts_on(day, business, own)]
    return [shift(day, one.opens, one.closes)]


def _opens(one: Special) -> bool:
    return one.opens is not None and not one.is_closed


def _otherwise(day: date, rules: Rules) -> list[Shift]:
    return [
        shift(day, one.opens, one.closes)
        for one in rules.special
        if not one.is_closed and one.covers(day) and one.opens is not None and one.closes is not None
    ]


def _of_week(day: date, rules: Rules) -> list[Shift]:
    return [shift(day, one.opens, one.closes) for one in rules.weekly if one.holds_on(day)]


def _common(ours: Sequence[Shift], theirs: Sequence[Shift]) -> Iterator[Shift]:
    for one in ours:
        for other in theirs:
            start, end = max(one.start, other.start), min(one.end, other.end)
            if start < end:
                yield Shift(start, end)

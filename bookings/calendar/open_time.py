"""Hours on the wall become stretches of real time (UTC), and times that may begin in them. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings.calendar import clocks
from bookings.calendar.hours import DAY, NONE, Rules, Shift, closures_on, shifts_on

QUARTER = timedelta(minutes=15)


class Stretch(NamedTuple):
    """From `start` until just before `end`, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class OpenTime:
    """The shifts of some days, and the stretches that are open: in order and apart."""

    zone: ZoneInfo
    shifts: Sequence[Shift]
    starts: Sequence[datetime]
    ends: Sequence[datetime]

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it is open all the time from `start` to `end`."""
        place = bisect_right(self.starts, start) - 1
        return place >= 0 and end <= self.ends[place]

    def may_begin(self, at: datetime, step: timedelta) -> bool:
        """Whether `at` is a time that is counted from an opening."""
        wall = clocks.shown(at, self.zone)
        again = clocks.is_second_time(at, self.zone)
        return any(
            one.any_minute or (not again and not (wall - one.start) % step)
            for one in self.shifts
            if one.start <= wall < one.end
        )


def open_time(first: date, last: date, zone: ZoneInfo, business: Rules, own: Rules = NONE) -> OpenTime:
    """The open time of these days, with what began on the day before."""
    days = [first + DAY * number for number in range(-1, (last - first).days + 1)]
    shifts = [one for day in days for one in shifts_on(day, business, own)]
    closed = [one for day in [*days, last + DAY] for one in closures_on(day, business, own)]
    stretches = list(without(joined(_real(shifts, zone)), joined(_real(closed, zone))))
    return OpenTime(zone, shifts, [one.start for one in stretches], [one.end for one in stretches])


def beginnings(shift: Shift, step: timedelta, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The times that are counted from a shift's opening, on the wall and in UTC.

    What the clocks skip is left out, and what they show twice comes once.
    """
    step = QUARTER if shift.any_minute else step
    is_plain = not clocks.jumps_between(shift.start, shift.end, zone)
    offset = shift.start.replace(tzinfo=zone).utcoffset() or timedelta(0)
    wall = shift.start
    while wall < shift.end:
        if is_plain:
            yield wall, (wall - offset).replace(tzinfo=UTC)
        elif clocks.comes(wall, zone):
            yield wall, clocks.moment(wall, zone)
        wall += step


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time as stretches in order that don't touch."""
    whole: list[Stretch] = []
    for one in sorted(stretches):
        if whole and one.start <= whole[-1].end:
            whole[-1] = Stretch(whole[-1].start, max(whole[-1].end, one.end))
        else:
            whole.append(one)
    return whole


def without(stretches: Iterable[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left; both are in order and apart."""
    for one in stretches:
        left = one.start
        for gone in taken:
            if gone.end <= left or one.end <= gone.start:
                continue
            if left < gone.start:
                yield Stretch(left, gone.start)
            left = gone.end
        if left < one.end:
            yield Stretch(left, one.end)


def _real(shifts: Iterable[Shift], zone: ZoneInfo) -> Iterator[Stretch]:
    for one in shifts:
        start, end = clocks.moment(one.start, zone), clocks.moment(one.end, zone)
        if start < end:
            yield Stretch(start, end)

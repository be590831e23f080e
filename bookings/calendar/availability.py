"""What is free, from open time, occupations, the service and the clock. Pure.

The same functions offer times and accept bookings: what is offered can be booked, and nothing else.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bookings.calendar.hours import Shift
from bookings.calendar.open_time import OpenTime, beginnings

NO_TIME = timedelta(0)
Beginning = tuple[date, datetime, datetime]


@dataclass(frozen=True)
class Terms:
    """What a service asks of the calendar; `lead` and `horizon`: how soon and how far ahead it is offered."""

    duration: timedelta
    step: timedelta
    lead: timedelta
    horizon: timedelta
    before: timedelta = NO_TIME
    after: timedelta = NO_TIME
    capacity: int = 1


class Taken(NamedTuple):
    """What a resource is busy with, with buffers; `joins` is the start of what others may join."""

    start: datetime
    end: datetime
    joins: datetime | None = None
    places: int = 0


class Diary:
    """The open time of a resource and what it is busy with, as a service sees it.

    Resource None is a service that needs none: then `taken` are its bookings, and they may overlap up to
    its capacity. What one resource is busy with never overlaps.
    """

    def __init__(
        self, resource: int | None, terms: Terms, open_time: OpenTime, taken: Iterable[Taken] = ()
    ) -> None:
        self.resource = resource
        self.terms = terms
        self.open_time = open_time
        self.taken = sorted(taken)
        # Beginning after the one and before the other would run into what is taken.
        self._clears = [one.start - terms.after - terms.duration for one in self.taken]
        self._free_again = [one.end + terms.before for one in self.taken]

    def places(self, at: datetime) -> int | None:
        """How many more fit into an appointment that begins then; None if it is closed."""
        return self.places_left(at) if self.is_open(at) else None

    def is_open(self, at: datetime) -> bool:
        """Whether it is open for all of an appointment that begins then."""
        return self.open_time.covers(at, at + self.terms.duration)

    def places_left(self, at: datetime) -> int:
        """How many more fit into an appointment that begins then, while it is open."""
        if self.resource is None:
            return self._below_capacity(at)
        first = bisect_right(self._free_again, at)
        if first == len(self.taken) or self._clears[first] >= at:
            return self.terms.capacity
        shared = self.taken[first]
        alone = first + 1 == len(self.taken) or self._clears[first + 1] >= at
        return shared.places if alone and shared.joins == at and self._holds(shared, at) else 0

    def _holds(self, shared: Taken, at: datetime) -> bool:
        terms = self.terms
        return shared.start <= at - terms.before and at + terms.duration + terms.after <= shared.end

    def _below_capacity(self, at: datetime) -> int:
        start, end = at - self.terms.before, at + self.terms.duration + self.terms.after
        busy = [(one.start, one.end) for one in self.taken if one.start < end and start < one.end]
        return max(0, self.terms.capacity - most_at_once(busy, starts_at=start, ends_at=end))

    def load(self, day: date) -> timedelta:
        """How long it is busy with what begins on this day."""
        zone = self.open_time.zone
        lengths = (one.end - one.start for one in self.taken if one.start.astimezone(zone).date() == day)
        return sum(lengths, NO_TIME)


class Slot(NamedTuple):
    """A time that can be booked: `local` on the wall, by these resources, and how many more fit at most."""

    starts_at: datetime
    ends_at: datetime
    local: datetime
    resources: list[int]
    places: int


class WhyNone(StrEnum):
    """Why a day has no free time."""

    CLOSED = "closed"
    FULL = "full"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"


class Day(NamedTuple):
    date: date
    why_none: WhyNone | None
    slots: list[Slot]


class Judged(StrEnum):
    """What is to be said to somebody who asks for a time."""

    FREE = "free"
    TAKEN = "taken"
    NOT_OFFERED = "not_offered"


def free_times(diaries: Sequence[Diary], days: Sequence[date], now: datetime) -> list[Day]:
    """The free times of these days (of the business's zone, in order), and why there are none."""
    found: dict[date, dict[datetime, Slot]] = {day: {} for day in days}
    why: dict[date, set[WhyNone]] = {day: set() for day in days}
    shifts: dict[Shift, list[Beginning]] = {}
    in_time: dict[int, list[Beginning]] = {}
    for diary in diaries:
        opened = id(diary.open_time)  # who shares open time shares all that comes before who is free
        if opened not in in_time:
            in_time[opened] = list(_in_time(diary, _beginnings(diary, shifts), now, why))
        places_left = diary.places_left
        for day, wall, at in in_time[opened]:
            if places := places_left(at):
                _add(found[day], diary, wall, at, places)
            else:
                why[day].add(WhyNone.FULL)
    return [_day(day, found[day], why[day]) for day in days]


def judge(
    diaries: Iterable[Diary], at: datetime, now: datetime, *, freely: bool = False
) -> tuple[Judged, dict[int | None, int]]:
    """Say whether a time can be booked, and how many more fit with which resource.

    `freely` is for staff and for what was agreed before: any minute of the open time, however soon or far.
    """
    offered = {
        diary.resource: places
        for diary in diaries
        if (freely or _is_offered(diary, at, now)) and (places := diary.places(at)) is not None
    }
    free = {resource: places for resource, places in offered.items() if places}
    if free:
        return Judged.FREE, free
    return (Judged.TAKEN if offered else Judged.NOT_OFFERED), {}


def least_busy(diaries: Iterable[Diary], at: datetime, free: Mapping[int | None, int]) -> Diary:
    """Choose among those that are free: an appointment that others go to, else who has least to do."""
    able = [diary for diary in diaries if diary.resource in free]
    day = at.astimezone(able[0].open_time.zone).date()
    return min(able, key=lambda diary: (not _joins(diary, at), diary.load(day), diary.resource or 0))


def nearest(days: Iterable[Day], at: datetime, count: int) -> list[Slot]:
    """The free times that are closest, in order."""
    slots = [slot for day in days for slot in day.slots]
    return sorted(sorted(slots, key=lambda slot: abs(slot.starts_at - at))[:count])


def most_at_once(
    spans: Sequence[tuple[datetime, datetime]], *, starts_at: datetime, ends_at: datetime
) -> int:
    """How many of the spans overlap at the fullest moment in between; ends are not part of a span."""
    # The fullest moment is always a moment at which somebody starts.
    moments = [starts_at, *(start for start, _ in spans if starts_at < start < ends_at)]
    return max(sum(start <= moment < end for start, end in spans) for moment in moments)


def _beginnings(diary: Diary, times: dict[Shift, list[Beginning]]) -> Iterator[Beginning]:
    """The times of all shifts; `times` remembers those of shifts that several work."""
    for shift in diary.open_time.shifts:
        if shift not in times:
            found = beginnings(shift, diary.terms.step, diary.open_time.zone)
            times[shift] = [(wall.date(), wall, at) for wall, at in found]
        yield from times[shift]


def _in_time(
    diary: Diary, beginnings: Iterable[Beginning], now: datetime, why: Mapping[date, set[WhyNone]]
) -> Iterator[Beginning]:
    """Those in open time, and neither too soon nor too far: why not is added to `why`, which has the days."""
    soonest, latest = now + diary.terms.lead, now + diary.terms.horizon
    for one in beginnings:
        day, _, at = one
        if day not in why or not diary.is_open(at):
            continue
        if at < soonest or at <= now:
            why[day].add(WhyNone.TOO_SOON)
        elif at > latest:
            why[day].add(WhyNone.TOO_FAR)
        else:
            yield one


def _is_offered(diary: Diary, at: datetime, now: datetime) -> bool:
    terms = diary.terms
    is_in_time = now < at and now + terms.lead <= at <= now + terms.horizon
    return is_in_time and diary.open_time.may_begin(at, terms.step)


def _joins(diary: Diary, at: datetime) -> bool:
    return any(one.joins == at for one in diary.taken)


def _add(slots: dict[datetime, Slot], diary: Diary, wall: datetime, at: datetime, places: int) -> None:
    slot = slots.get(at)
    if slot is None:
        slot = slots[at] = Slot(at, at + diary.terms.duration, wall, [], places)
    if diary.resource is not None and diary.resource not in slot.resources[-1:]:
        slot.resources.append(diary.resource)
    if places > slot.places:
        slots[at] = slot._replace(places=places)


def _day(day: date, slots: dict[datetime, Slot], why: set[WhyNone]) -> Day:
    if slots:
        return Day(day, None, sorted(slots.values()))
    in_order = (WhyNone.FULL, WhyNone.TOO_SOON, WhyNone.TOO_FAR)
    return Day(day, next((one for one in in_order if one in why), WhyNone.CLOSED), [])

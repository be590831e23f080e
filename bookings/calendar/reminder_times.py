"""When customers are reminded: pure, from an appointment's times and what the business wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEFORE, HOURS_BEFORE, FREE_ENDS = "reminder_day", "reminder_hours", "reminder_free_cancellation"
KINDS = (DAY_BEFORE, HOURS_BEFORE, FREE_ENDS)

# Nobody is woken: what would come in the night comes the evening before it, early enough to be a little late.
NIGHT_BEGINS, MORNING, EVENING = time(21), time(8), time(20)
EARLIEST_DAY_BEFORE = time(9)
# Two reminders of one start within this time are one too many.
APART = timedelta(hours=3)


@dataclass(frozen=True)
class Wishes:
    """What the business wants: hours are whole ones before the start, and before free cancellation ends."""

    day_before: bool
    hours_before: int
    hours_before_free_ends: int


@dataclass(frozen=True)
class Reminder:
    kind: str
    at: datetime


def plan(
    *, starts_at: datetime, refundable_until: datetime, wishes: Wishes, zone: ZoneInfo, now: datetime
) -> list[Reminder]:
    """The reminders that are still to come, each at a time of day at which people read mail."""
    return [reminder for reminder in _all(starts_at, refundable_until, wishes, zone) if reminder.at > now]


def _all(starts_at: datetime, free_until: datetime, wishes: Wishes, zone: ZoneInfo) -> Iterator[Reminder]:
    day_before = the_day_before(starts_at, zone) if wishes.day_before else None
    if day_before:
        yield Reminder(DAY_BEFORE, day_before)
    if wishes.hours_before:
        at = by_day(starts_at - timedelta(hours=wishes.hours_before), zone)
        if day_before is None or at - day_before >= APART:
            yield Reminder(HOURS_BEFORE, at)
    if wishes.hours_before_free_ends:
        yield Reminder(FREE_ENDS, by_day(free_until - timedelta(hours=wishes.hours_before_free_ends), zone))


def the_day_before(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """The calendar day before, at the clock's time of the start or the nearest that isn't early or late."""
    local = starts_at.astimezone(zone)
    clock = min(max(local.time(), EARLIEST_DAY_BEFORE), EVENING)
    return _at(local - timedelta(days=1), clock, zone)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """This moment, or if it is at night or nearly, the evening before that night."""
    local = moment.astimezone(zone)
    if local.time() > EVENING:
        return _at(local, EVENING, zone)
    if local.time() < MORNING:
        return _at(local - timedelta(days=1), EVENING, zone)
    return moment.astimezone(UTC)


def next_morning(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """If it is night, when the morning comes; None by day."""
    local = moment.astimezone(zone)
    if MORNING <= local.time() < NIGHT_BEGINS:
        return None
    day = local + timedelta(days=1) if local.time() >= NIGHT_BEGINS else local
    return _at(day, MORNING, zone)


def _at(day: datetime, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day.date(), clock, tzinfo=zone).astimezone(UTC)

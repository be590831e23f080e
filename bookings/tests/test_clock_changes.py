"""Nights when the clocks change: what they skip is not offered, what they show twice is offered once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.calendar import clocks
from bookings.calendar.availability import Diary, Judged, Terms, free_times, judge
from bookings.calendar.hours import Rules, Weekly
from bookings.calendar.open_time import open_time

HALF_HOURS = Terms(
    duration=timedelta(minutes=30),
    step=timedelta(minutes=30),
    lead=timedelta(0),
    horizon=timedelta(days=10_000),
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

# Zone, day, the half hours that its clocks show from midnight until three, and how many hours that is.
FORWARD = [
    ("Europe/London", date(2026, 3, 29), "00:00 00:30 02:00 02:30", 2.0),
    ("America/New_York", date(2026, 3, 8), "00:00 00:30 01:00 01:30", 2.0),
    ("Australia/Lord_Howe", date(2026, 10, 4), "00:00 00:30 01:00 01:30 02:30", 2.5),
    ("Asia/Beirut", date(2026, 3, 29), "01:00 01:30 02:00 02:30", 2.0),
]
BACK = [
    ("Europe/London", date(2026, 10, 25), "00:00 00:30 01:00 01:30 02:00 02:30", 4.0),
    ("America/New_York", date(2026, 11, 1), "00:00 00:30 01:00 01:30 02:00 02:30", 4.0),
    ("Australia/Lord_Howe", date(2026, 4, 5), "00:00 00:30 01:00 01:30 02:00 02:30", 3.5),
    ("Asia/Beirut", date(2026, 10, 25), "00:00 00:30 01:00 01:30 02:00 02:30", 3.0),
]


def open_from(zone: str, day: date, opens: time, closes: time) -> Diary:
    rules = Rules([Weekly(day.weekday(), opens, closes)])
    return Diary(1, HALF_HOURS, open_time(day, day + timedelta(days=1), ZoneInfo(zone), rules))


def shown(diary: Diary, *days: date) -> list[str]:
    found = free_times([diary], days, NOW)
    return [f"{slot.local:%H:%M}" for day in found for slot in day.slots]


@pytest.mark.parametrize(("zone", "day", "times", "hours"), FORWARD + BACK)
def test_the_night_is_offered_as_the_clocks_show_it(zone: str, day: date, times: str, hours: float) -> None:
    diary = open_from(zone, day, time(0), time(3))
    assert shown(diary, day) == times.split()
    (start,), (end,) = diary.open_time.starts, diary.open_time.ends
    assert (end - start) / timedelta(hours=1) == hours


@pytest.mark.parametrize(("zone", "day", "times", "hours"), FORWARD + BACK)
def test_an_offered_time_is_that_moment_and_its_end_is_real_time_later(
    zone: str, day: date, times: str, hours: float
) -> None:
    (found,) = free_times([open_from(zone, day, time(0), time(3))], [day], NOW)
    for slot in found.slots:
        assert slot.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == slot.local
        assert slot.starts_at.astimezone(ZoneInfo(zone)).fold == 0
        assert slot.ends_at - slot.starts_at == timedelta(minutes=30)
    starts = [slot.starts_at for slot in found.slots]
    assert starts == sorted(set(starts))


@pytest.mark.parametrize(("zone", "day"), [case[:2] for case in BACK])
def test_the_second_time_the_clocks_show_it_cannot_be_booked(zone: str, day: date) -> None:
    night = [datetime.combine(day, time()) + timedelta(minutes=30 * half) for half in range(-2, 6)]
    twice = [wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC) for wall in night]
    twice = [at for at in twice if clocks.is_second_time(at, ZoneInfo(zone))]
    before = day - timedelta(days=1)
    rules = Rules([Weekly(number, time(0), time(0)) for number in range(7)])
    diary = Diary(1, HALF_HOURS, open_time(before, day, ZoneInfo(zone), rules))
    assert twice
    for at in twice:
        assert judge([diary], at, NOW)[0] == Judged.NOT_OFFERED
        first = clocks.moment(clocks.shown(at, ZoneInfo(zone)), ZoneInfo(zone))
        assert judge([diary], first, NOW)[0] == Judged.FREE


@pytest.mark.parametrize(("zone", "day"), [case[:2] for case in FORWARD + BACK])
def test_a_shift_over_the_night_keeps_its_grid_on_the_wall(zone: str, day: date) -> None:
    before = day - timedelta(days=1)
    diary = open_from(zone, before, time(20, 15), time(5, 15))
    times = shown(diary, before, day)
    assert times[0] == "20:15"
    assert {one[-2:] for one in times} == {"15", "45"}
    assert times[-1] == "04:45"
    assert len(times) == len(set(times))


def test_a_closing_time_that_the_clocks_skip_is_when_they_jump() -> None:
    london = ZoneInfo("Europe/London")
    jump, one = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime.combine(date(2026, 3, 29), time(1))
    for minute in (0, 1, 30, 59, 60):
        assert clocks.moment(one + timedelta(minutes=minute), london) == jump
    assert clocks.moment(one - clocks.MINUTE, london) == jump - clocks.MINUTE


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"])
def test_every_minute_of_a_year_comes_when_the_clocks_first_show_it(zone: str) -> None:
    place, at = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)
    first: dict[datetime, datetime] = {}
    while at.year == 2026:
        first.setdefault(clocks.shown(at, place), at)
        at += timedelta(minutes=15)
    assert all(clocks.moment(wall, place) == at for wall, at in first.items())
    assert all(clocks.comes(wall, place) for wall in first)

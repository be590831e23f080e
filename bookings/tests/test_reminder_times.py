"""When customers are reminded: by day, over both clock changes, as an oracle has it that walks by minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.calendar import reminder_times
from bookings.calendar.reminder_times import DAY_BEFORE, FREE_ENDS, HOURS_BEFORE, Wishes

pytestmark = pytest.mark.once

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
ZONES = st.sampled_from([LONDON, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")])
ALL = Wishes(day_before=True, hours_before=3, hours_before_free_ends=12)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def times(starts_at: datetime, zone: ZoneInfo, wishes: Wishes = ALL, notice: int = 12) -> dict[str, datetime]:
    planned = reminder_times.plan(
        starts_at=starts_at,
        refundable_until=starts_at - timedelta(hours=notice),
        wishes=wishes,
        zone=zone,
        now=LONG_AGO,
    )
    return {reminder.kind: reminder.at.astimezone(zone) for reminder in planned}


def wall(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc, arg-type]


def test_an_afternoon_is_told_the_day_before_and_three_hours_before() -> None:
    planned = times(wall(LONDON, 2026, 12, 1, 14, 30), LONDON)
    assert planned[DAY_BEFORE] == wall(LONDON, 2026, 11, 30, 14, 30)
    assert planned[HOURS_BEFORE] == wall(LONDON, 2026, 12, 1, 11, 30)
    assert planned[FREE_ENDS] == wall(LONDON, 2026, 11, 30, 14, 30)


def test_an_early_morning_is_told_the_evening_before_once() -> None:
    planned = times(wall(LONDON, 2026, 12, 1, 7), LONDON)
    assert planned[DAY_BEFORE] == wall(LONDON, 2026, 11, 30, 9)
    assert planned[HOURS_BEFORE] == wall(LONDON, 2026, 11, 30, 20)


def test_the_day_before_keeps_the_clocks_time_when_clocks_change() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        start = datetime.combine(day, time(14), tzinfo=LONDON)
        before = times(start, LONDON)[DAY_BEFORE]
        assert (before.date(), before.time()) == (day - timedelta(days=1), time(14))
        assert start.astimezone(UTC) - before.astimezone(UTC) != timedelta(hours=24)


def test_what_is_not_wanted_is_not_planned() -> None:
    assert times(wall(LONDON, 2026, 12, 1, 14), LONDON, Wishes(False, 0, 0)) == {}


def by_day_walking(moment: datetime, zone: ZoneInfo) -> datetime:
    """Back, a minute at a time, to the evening before if it is night."""
    if time(8) <= moment.astimezone(zone).time() <= time(20):
        return moment
    while moment.astimezone(zone).time().replace(second=0) != time(20):
        moment -= MINUTE
    return moment


@settings(max_examples=150)
@given(
    zone=ZONES,
    around=st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25)]),
    minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60),
    hours=st.integers(1, 30),
    notice=st.integers(0, 72),
)
def test_it_is_as_an_oracle_says_over_every_clock_change(
    zone: ZoneInfo, around: date, minutes: int, hours: int, notice: int
) -> None:
    start = datetime.combine(around, time(12), tzinfo=UTC) + minutes * MINUTE
    planned = times(start, zone, Wishes(True, hours, hours), notice)
    local = start.astimezone(zone)
    clock = max(time(9), min(time(20), local.time()))
    day_before = datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=zone)
    expected = {
        DAY_BEFORE: day_before,
        HOURS_BEFORE: by_day_walking(start - timedelta(hours=hours), zone),
        FREE_ENDS: by_day_walking(start - timedelta(hours=notice + hours), zone),
    }
    if (expected[HOURS_BEFORE] - day_before.astimezone(UTC)) < timedelta(hours=3):
        del expected[HOURS_BEFORE]
    assert {kind: at.astimezone(UTC) for kind, at in planned.items()} == {
        kind: at.astimezone(UTC) for kind, at in expected.items()
    }
    assert all(time(8) <= at.time() <= time(20) for at in planned.values())

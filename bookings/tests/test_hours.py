"""Hours of a week, days that are otherwise, and why a day has no free time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.calendar.availability import (
    Day,
    Diary,
    Judged,
    Taken,
    Terms,
    WhyNone,
    free_times,
    judge,
    least_busy,
    nearest,
)
from bookings.calendar.hours import DAY, NONE, Rules, Special, Weekly
from bookings.calendar.open_time import open_time

MONDAY = date(2026, 11, 30)
SUNDAY_NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AN_HOUR = Terms(duration=HOUR, step=HOUR, lead=timedelta(0), horizon=timedelta(days=60))
NINE_TO_ONE = Weekly(0, time(9), time(13))
WEEK = Rules([NINE_TO_ONE])


def on_monday(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(MONDAY, time(), UTC) + timedelta(hours=hour, minutes=minute)


def diary(business: Rules, own: Rules = NONE, *taken: Taken, terms: Terms = AN_HOUR) -> Diary:
    return Diary(1, terms, open_time(MONDAY, MONDAY + DAY, ZoneInfo("UTC"), business, own), taken)


def times(day: Day) -> str:
    return " ".join(f"{slot.local:%H:%M}" for slot in day.slots)


def monday(business: Rules, own: Rules = NONE, *taken: Taken, terms: Terms = AN_HOUR) -> str:
    (found,) = free_times([diary(business, own, *taken, terms=terms)], [MONDAY], SUNDAY_NOON)
    return times(found)


def why(business: Rules, *taken: Taken, now: datetime = SUNDAY_NOON, terms: Terms = AN_HOUR) -> str | None:
    (found,) = free_times([diary(business, NONE, *taken, terms=terms)], [MONDAY], now)
    return found.why_none


def test_times_are_counted_from_the_opening() -> None:
    assert monday(Rules([Weekly(0, time(9, 20), time(13))])) == "09:20 10:20 11:20"
    two = Rules([NINE_TO_ONE, Weekly(0, time(14, 30), time(16, 30))])
    assert monday(two) == "09:00 10:00 11:00 12:00 14:30 15:30"


@pytest.mark.parametrize(
    ("weekly", "expected"),
    [
        (Weekly(0, time(9), time(11), valid_from=MONDAY), "09:00 10:00"),
        (Weekly(0, time(9), time(11), valid_from=MONDAY + DAY), ""),
        (Weekly(0, time(9), time(11), valid_until=MONDAY), "09:00 10:00"),
        (Weekly(0, time(9), time(11), valid_until=MONDAY - DAY), ""),
        (Weekly(1, time(9), time(11)), ""),
        (Weekly(6, time(22), time(2)), "00:00 01:00"),
        (Weekly(0, time(22), time(2)), "22:00 23:00"),
        (Weekly(0, time(0), time(0)), " ".join(f"{hour:02}:00" for hour in range(24))),
    ],
)
def test_hours_hold_on_their_weekday_while_they_are_valid_and_past_midnight(
    weekly: Weekly, expected: str
) -> None:
    assert monday(Rules([weekly])) == expected


def test_hours_of_ones_own_take_the_place_of_the_businesss() -> None:
    assert monday(WEEK, Rules([Weekly(0, time(15), time(17))])) == "15:00 16:00"
    assert monday(WEEK, Rules([Weekly(1, time(15), time(17))])) == ""


def test_a_day_that_opens_otherwise_takes_the_place_of_the_week() -> None:
    short = Special(MONDAY, MONDAY, time(10), time(12))
    assert monday(Rules([NINE_TO_ONE], [short])) == "10:00 11:00"
    assert monday(Rules([NINE_TO_ONE], [short]), Rules([Weekly(0, time(11), time(17))])) == "11:00"
    assert monday(WEEK, Rules([], [short])) == "10:00 11:00"
    assert monday(Rules([Weekly(3, time(9), time(17))], [short])) == "10:00 11:00"


CLOSED = Special(MONDAY, MONDAY)


@pytest.mark.parametrize(
    "own", [NONE, Rules([NINE_TO_ONE]), Rules([], [Special(MONDAY, MONDAY, time(9), time(20))])]
)
def test_nobody_can_book_into_a_closure(own: Rules) -> None:
    assert monday(Rules([NINE_TO_ONE], [CLOSED]), own) == ""
    assert judge([diary(Rules([], [CLOSED]), own)], on_monday(9), SUNDAY_NOON)[0] == Judged.NOT_OFFERED


def test_closed_hours_leave_the_rest_of_the_day_on_its_grid() -> None:
    lunch = Special(MONDAY, MONDAY, time(10, 30), time(11, 15), is_closed=True)
    assert monday(Rules([NINE_TO_ONE], [lunch])) == "09:00 12:00"
    assert monday(WEEK, Rules([], [lunch])) == "09:00 12:00"


def test_a_closed_night_is_closed_past_midnight() -> None:
    nights = [Weekly(day, time(22), time(2)) for day in range(7)]
    days = [MONDAY, MONDAY + DAY]

    def nightly(*special: Special) -> list[str]:
        return [times(day) for day in free_times([diary(Rules(nights, special))], days, SUNDAY_NOON)]

    assert nightly() == ["00:00 01:00 22:00 23:00"] * 2
    # The day itself, and the night that begins on it.
    assert nightly(CLOSED) == ["", "22:00 23:00"]
    late = Special(MONDAY, MONDAY, time(23), time(1), is_closed=True)
    assert nightly(late) == ["00:00 01:00 22:00", "01:00 22:00 23:00"]


def test_without_any_hours_any_minute_is_open_and_quarters_are_offered() -> None:
    always = monday(NONE).split()
    assert always[:5] == ["00:00", "00:15", "00:30", "00:45", "01:00"]
    assert len(always) == 96
    assert judge([diary(NONE)], on_monday(3, 17), SUNDAY_NOON)[0] == Judged.FREE
    closed = Rules([], [CLOSED])
    assert monday(closed) == ""
    assert judge([diary(closed)], on_monday(27, 17), SUNDAY_NOON)[0] == Judged.FREE


def test_a_business_that_opens_only_on_single_days_is_closed_on_all_others() -> None:
    market = Rules([], [Special(MONDAY, MONDAY, time(9), time(11))])
    days = free_times([diary(market)], [MONDAY, MONDAY + DAY], SUNDAY_NOON)
    assert [times(day) for day in days] == ["09:00 10:00", ""]


def test_why_a_day_has_none() -> None:
    full = Taken(on_monday(8), on_monday(14))
    soon = Terms(duration=HOUR, step=HOUR, lead=timedelta(days=2), horizon=timedelta(days=60))
    far = Terms(duration=HOUR, step=HOUR, lead=timedelta(0), horizon=timedelta(hours=3))
    assert why(WEEK) is None
    assert why(Rules([Weekly(1, time(9), time(17))])) == WhyNone.CLOSED
    assert why(Rules([Weekly(0, time(9), time(9, 59))])) == WhyNone.CLOSED
    assert why(WEEK, full) == WhyNone.FULL
    assert why(WEEK, now=on_monday(12)) == WhyNone.TOO_SOON
    assert why(WEEK, now=on_monday(11, 59)) is None
    assert why(WEEK, terms=soon) == WhyNone.TOO_SOON
    assert why(WEEK, terms=far) == WhyNone.TOO_FAR


def test_buffers_keep_appointments_apart_on_both_sides() -> None:
    quarter = timedelta(minutes=15)
    terms = Terms(HOUR, quarter, timedelta(0), timedelta(days=60), before=quarter, after=2 * quarter)
    # From 11:00 to 11:15, and its own buffers are on it already.
    taken = Taken(on_monday(10, 45), on_monday(11, 45))
    assert monday(WEEK, NONE, taken, terms=terms) == "09:00 09:15 12:00"


def test_a_group_shares_one_appointment_until_it_is_full() -> None:
    class_of_three = Terms(HOUR, HOUR, timedelta(0), timedelta(days=60), capacity=3)
    shared = Taken(on_monday(10), on_monday(11), joins=on_monday(10), places=1)
    (day,) = free_times([diary(WEEK, NONE, shared, terms=class_of_three)], [MONDAY], SUNDAY_NOON)
    assert [(f"{slot.local:%H}", slot.places) for slot in day.slots] == [
        ("09", 3),
        ("10", 1),
        ("11", 3),
        ("12", 3),
    ]
    full = shared._replace(places=0)
    judged, _ = judge([diary(WEEK, NONE, full, terms=class_of_three)], on_monday(10), SUNDAY_NOON)
    assert judged == Judged.TAKEN


def test_the_least_busy_is_chosen_and_a_group_stays_together() -> None:
    hours = open_time(MONDAY, MONDAY, ZoneInfo("UTC"), WEEK)
    busy = Diary(1, AN_HOUR, hours, [Taken(on_monday(9), on_monday(10))])
    idle, other = Diary(3, AN_HOUR, hours), Diary(2, AN_HOUR, hours)
    free = judge([busy, idle, other], on_monday(11), SUNDAY_NOON)[1]
    assert set(free) == {1, 2, 3}
    assert least_busy([busy, idle, other], on_monday(11), free) is other
    group = Diary(4, AN_HOUR, hours, [Taken(on_monday(11), on_monday(12), on_monday(11), 2)])
    assert least_busy([other, group], on_monday(11), {2: 1, 4: 2}) is group


def test_the_nearest_times_are_named_in_order() -> None:
    days = free_times([diary(WEEK)], [MONDAY], SUNDAY_NOON)
    assert [f"{slot.local:%H:%M}" for slot in nearest(days, on_monday(11, 10), 3)] == [
        "10:00",
        "11:00",
        "12:00",
    ]


def test_a_service_without_resources_is_bound_by_its_capacity_only() -> None:
    two = Terms(HOUR, HOUR, timedelta(0), timedelta(days=60), capacity=2)
    hours = open_time(MONDAY, MONDAY, ZoneInfo("UTC"), WEEK)
    taken = [Taken(on_monday(9), on_monday(10)), Taken(on_monday(9, 30), on_monday(10, 30))]
    (day,) = free_times([Diary(None, two, hours, taken)], [MONDAY], SUNDAY_NOON)
    assert [(f"{slot.local:%H}", slot.places, slot.resources) for slot in day.slots] == [
        ("10", 1, []),
        ("11", 2, []),
        ("12", 2, []),
    ]

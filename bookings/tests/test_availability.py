"""What is free, against an oracle that looks at every five minutes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.calendar.availability import Diary, Judged, Taken, Terms, free_times, judge
from bookings.calendar.hours import DAY, Rules, Special, Weekly
from bookings.calendar.open_time import open_time

MONDAY = date(2026, 11, 30)
DAYS = [MONDAY + DAY * number for number in range(4)]
FIVE = timedelta(minutes=5)
ZONE = ZoneInfo("UTC")

clock = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
minutes = st.sampled_from([0, 5, 10, 15, 30, 45]).map(lambda count: timedelta(minutes=count))
weekly = st.builds(
    Weekly,
    st.integers(0, 3),
    clock,
    clock,
    st.none() | st.sampled_from(DAYS),
    st.none() | st.sampled_from(DAYS),
)
some_days = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)
special = st.one_of(
    st.builds(lambda days: Special(*days), some_days),
    st.builds(lambda days, *times: Special(*days, *times), some_days, clock, clock, st.booleans()),
)
rules = st.builds(Rules, st.lists(weekly, max_size=4), st.lists(special, max_size=2))
terms = st.builds(
    Terms,
    duration=st.sampled_from([15, 30, 90, 24 * 60]).map(lambda count: timedelta(minutes=count)),
    step=st.sampled_from([10, 15, 45]).map(lambda count: timedelta(minutes=count)),
    lead=st.sampled_from([0, 90, 24 * 60]).map(lambda count: timedelta(minutes=count)),
    horizon=st.sampled_from([1, 2, 30]).map(lambda count: timedelta(days=count)),
    before=minutes,
    after=minutes,
    capacity=st.integers(1, 3),
)
nows = st.integers(0, 96).map(lambda half: datetime(2026, 11, 29, 12, tzinfo=UTC) + half * 6 * FIVE)


def wall_minutes(day: date, opens: time, closes: time) -> set[datetime]:
    at = datetime.combine(day, opens)
    end = datetime.combine(day if opens < closes else day + DAY, closes)
    return {at + FIVE * number for number in range((end - at) // FIVE)}


def oracle_shifts(day: date, business: Rules, own: Rules) -> list[set[datetime]]:
    """The openings that begin on a day, each with all its five minutes."""

    def otherwise(whose: Rules) -> list[set[datetime]]:
        chosen = [one for one in whose.special if one.opens is not None and not one.is_closed]
        return [wall_minutes(day, one.opens, one.closes) for one in chosen if one.covers(day)]  # type: ignore[arg-type]

    def of_week(whose: Rules) -> list[set[datetime]]:
        chosen = [one for one in whose.weekly if one.holds_on(day)]
        return [wall_minutes(day, one.opens, one.closes) for one in chosen]

    if otherwise(own):
        return otherwise(own)
    if own.weekly and otherwise(business):
        return [mine & theirs for mine in of_week(own) for theirs in otherwise(business) if mine & theirs]
    return of_week(own) if own.weekly else otherwise(business) or of_week(business)


def oracle_closed(day: date, business: Rules, own: Rules) -> set[datetime]:
    closed: set[datetime] = set()
    for one in (*business.special, *own.special):
        if one.covers(day) and one.opens is None:
            closed |= wall_minutes(day, time(), time())
            closed = closed.union(*oracle_shifts(day, business, own))
        elif one.covers(day) and one.is_closed:
            assert one.opens is not None
            assert one.closes is not None
            closed |= wall_minutes(day, one.opens, one.closes)
    return closed


def all_minutes(start: datetime, end: datetime) -> set[datetime]:
    return {start + FIVE * number for number in range((end - start) // FIVE)}


def oracle(
    asked: Terms, business: Rules, own: Rules, taken: Sequence[Taken], now: datetime
) -> dict[datetime, int]:
    """Each time that is offered, and how many fit."""
    nearby = [MONDAY + DAY * number for number in range(-2, 7)]
    shifts = [one for day in nearby for one in oracle_shifts(day, business, own)]
    closed = set().union(*(oracle_closed(day, business, own) for day in nearby))
    is_open = set().union(*shifts) - closed
    offered = {}
    for wall in sorted(is_open):
        at = wall.replace(tzinfo=UTC)
        on_grid = any(wall in one and not (wall - min(one)) % asked.step for one in shifts)
        fits = all_minutes(wall, wall + asked.duration) <= is_open
        in_time = now < at and now + asked.lead <= at <= now + asked.horizon
        start, end = at - asked.before, at + asked.duration + asked.after
        busy = [one for one in taken if one.start < end and start < one.end]
        free = asked.capacity
        if busy:
            (one, *more) = busy
            joins = not more and one.joins == at and one.start <= start and end <= one.end
            free = one.places if joins else 0
        if on_grid and fits and in_time and free and wall.date() in DAYS:
            offered[at] = free
    return offered


@st.composite
def apart(draw: st.DrawFn) -> list[Taken]:
    """What a resource is busy with: some of it appointments of three places that others may join."""
    at, found = datetime(2026, 11, 29, tzinfo=UTC), []
    for gap, length, shared, places in draw(
        st.lists(
            st.tuples(st.integers(0, 300), st.integers(3, 60), st.booleans(), st.integers(0, 2)), max_size=6
        )
    ):
        start = at + gap * FIVE
        at = start + length * FIVE
        found.append(Taken(start, at, start if shared else None, places))
    return found


@given(asked=terms, business=rules, own=rules, taken=apart(), now=nows)
@settings(max_examples=60)
def test_what_is_offered_is_what_the_oracle_finds(
    asked: Terms, business: Rules, own: Rules, taken: list[Taken], now: datetime
) -> None:
    if not (business.weekly or business.opens_otherwise() or own.weekly):
        business = Rules([Weekly(0, time(9), time(17))], business.special)
    until = DAYS[-1] + asked.duration + DAY
    diary = Diary(7, asked, open_time(DAYS[0], until, ZONE, business, own), taken)
    found = free_times([diary], DAYS, now)
    expected = oracle(asked, business, own, taken, now)
    assert {slot.starts_at: slot.places for day in found for slot in day.slots} == expected
    for number in range(4 * 24 * 12):
        at = datetime.combine(MONDAY, time(), UTC) + number * FIVE
        judged, free = judge([diary], at, now)
        assert free == ({7: expected[at]} if at in expected else {})
        assert (judged == Judged.FREE) == (at in expected)
    assert all((day.why_none is None) == bool(day.slots) for day in found)

"""How full it gets: the sweep agrees with counting every minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bookings.calendar.availability import most_at_once

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def minute(number: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=number)


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda span: (span[0], span[0] + span[1]))


@given(taken=st.lists(spans, max_size=12), wanted=spans)
@example(taken=[(0, 10), (10, 20)], wanted=(5, 15))  # one after the other: never two at once
@example(taken=[(0, 10)], wanted=(10, 20))
def test_the_fullest_moment_is_found(taken: list[tuple[int, int]], wanted: tuple[int, int]) -> None:
    counted = max(sum(start <= now < end for start, end in taken) for now in range(*wanted))
    times = [(minute(start), minute(end)) for start, end in taken]
    assert most_at_once(times, starts_at=minute(wanted[0]), ends_at=minute(wanted[1])) == counted

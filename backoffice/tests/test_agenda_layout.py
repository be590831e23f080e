"""Where things stand in a column: pure, so held by examples and by chance."""

from hypothesis import given
from hypothesis import strategies as st

from backoffice.agenda.layout import Block, Column, clock, closed, free_times, in_lanes, shown_hours

SPANS = st.lists(
    st.tuples(st.integers(0, 1400), st.integers(1, 180)).map(lambda span: (span[0], span[0] + span[1])),
    max_size=12,
)


def column(opened: list[tuple[int, int]], taken: list[tuple[int, int]] | None = None) -> Column:
    blocks = in_lanes([Block(start, end) for start, end in taken or []])
    return Column("Anna", "1", "2026-12-01", opened=opened, blocks=blocks)


@given(SPANS)
def test_no_two_share_a_lane_at_a_time(spans: list[tuple[int, int]]) -> None:
    blocks = in_lanes([Block(start, end) for start, end in spans])
    assert len(blocks) == len(spans)
    for one in blocks:
        assert 0 <= one.lane < one.lanes
        for other in blocks:
            overlap = one.start < other.start + other.length and other.start < one.start + one.length
            assert one is other or not overlap or one.lane != other.lane


@given(SPANS)
def test_open_and_closed_together_are_the_whole_day(spans: list[tuple[int, int]]) -> None:
    inside = [(start, min(end, 1440)) for start, end in spans if start < 1440]
    shut = {minute for at, length in closed(inside, 0, 1440) for minute in range(at, at + length)}
    opened = {minute for start, end in inside for minute in range(start, end)}
    assert shut == set(range(1440)) - opened


def test_those_that_only_touch_stand_below_each_other() -> None:
    assert [block.lanes for block in in_lanes([Block(60, 120), Block(120, 180)])] == [1, 1]


def test_the_hours_shown_hold_all_that_is_open_or_taken() -> None:
    assert shown_hours([column([(9 * 60, 17 * 60 + 30)])]) == (540, 1080)
    assert shown_hours([column([(540, 1080)], [(500, 530)])]) == (480, 1080)
    assert shown_hours([column([(0, 1440)])]) == (480, 1080)
    assert shown_hours([]) == (480, 1080)


def test_free_times_are_open_and_not_taken() -> None:
    assert free_times(column([(540, 600)], [(555, 570)]), 480, 660, 15) == [540, 570, 585]


def test_minutes_are_written_as_a_clock() -> None:
    assert [clock(545), clock(1440)] == ["09:05", "00:00"]

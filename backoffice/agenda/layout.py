"""Where things stand in a column of the agenda. Pure: minutes of a day in, places out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

HOUR = 60
# What is shown of a day without hours and without appointments.
USUAL = (8 * HOUR, 18 * HOUR)
SHORTEST = 15


@dataclass
class Block:
    """Something from one minute of the day until another; of `lanes` side by side it takes `lane`."""

    start: int
    end: int
    what: Any = None
    lane: int = 0
    lanes: int = 1

    @property
    def length(self) -> int:
        return max(self.end - self.start, SHORTEST)


@dataclass
class Column:
    """A person, a room or a day: when it is closed, and what stands in it."""

    title: str
    key: str
    day: str
    resource: int | None = None
    link: str = ""
    is_today: bool = False
    opened: Sequence[tuple[int, int]] = ()
    blocks: list[Block] = field(default_factory=list)
    count: int = 0

    @property
    def most(self) -> int:
        """How many stand side by side at most."""
        return max((block.lanes for block in self.blocks), default=1)


def in_lanes(blocks: Iterable[Block]) -> list[Block]:
    """Put those that overlap side by side, each as wide as its neighbours allow."""
    ordered = sorted(blocks, key=lambda one: (one.start, -one.end))
    group: list[Block] = []
    busy_until: list[int] = []
    for block in ordered:
        if busy_until and block.start >= max(busy_until):
            _close(group, busy_until)
            group, busy_until = [], []
        lane = next((number for number, end in enumerate(busy_until) if end <= block.start), len(busy_until))
        busy_until[lane : lane + 1] = [block.start + block.length]
        block.lane = lane
        group.append(block)
    _close(group, busy_until)
    return ordered


def _close(group: list[Block], busy_until: list[int]) -> None:
    for block in group:
        block.lanes = len(busy_until)


def shown_hours(columns: Sequence[Column]) -> tuple[int, int]:
    """The minutes of the day to show: all that is open or taken, in whole hours."""
    spans = [span for column in columns for span in column.opened if span != (0, 24 * HOUR)]
    spans += [(block.start, block.start + block.length) for column in columns for block in column.blocks]
    first = min((start for start, _ in spans), default=USUAL[0])
    last = max((end for _, end in spans), default=USUAL[1])
    return first // HOUR * HOUR, min(-(-last // HOUR) * HOUR, 24 * HOUR)


def closed(opened: Sequence[tuple[int, int]], first: int, last: int) -> list[tuple[int, int]]:
    """What is left between the open stretches, as start and length."""
    found, at = [], first
    for start, end in sorted(opened):
        if at < start:
            found.append((at, min(start, last) - at))
        at = max(at, end)
    return found + ([(at, last - at)] if at < last else [])


def free_times(column: Column, first: int, last: int, step: int) -> list[int]:
    """The minutes at which a new appointment may be begun: on a grid, open and not taken."""
    taken = [(block.start, block.start + block.length) for block in column.blocks]
    return [
        at
        for at in range(first, last, step)
        if any(start <= at < end for start, end in column.opened)
        and not any(start < at + step and at < end for start, end in taken)
    ]


def clock(minute: int) -> str:
    return f"{minute // HOUR % 24:02}:{minute % HOUR:02}"

"""No page of the back office and no read of the API takes longer than a person waits for.

In one process, without a network. `processor` is what this process and its PostgreSQL process spent: unlike
the clock it says the same on a machine that others use, too.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import addresses
from bench.addresses import Address
from bench.figures import Figure, ms
from bench.load import WrongAnswer
from bench.sizes import prepare, using
from config.tests.statements import counted

MOST, MOST_FOR_SEARCH = 300, 50  # milliseconds


@dataclass
class Opened:
    """One page: seconds of processor and clock of each time, and its statements."""

    address: Address
    statements: int
    processor: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)


def pages(sizes: Sequence[int], *, each: int, only: str = "") -> Iterator[Figure]:
    """Open every page (whose name has `only` in it) so many times at the largest size.

    At the smallest it is opened only to count its statements.
    """
    prepare(sizes)
    few: dict[str, int] = {}
    if len(sizes) > 1:
        with using(sizes[0]):
            few = {one.name: _statements(one) for one in _addresses(only)}
    with using(sizes[-1]):
        for one in _addresses(only):
            yield _figure(_measured(one, each), few.get(one.name))


def _addresses(only: str) -> list[Address]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # its helpers' time would be nobody's
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    return [one for one in addresses.all_of(timezone.now()) if only in one.name]


def _measured(address: Address, each: int) -> Opened:
    opened = Opened(address, _statements(address))
    spent = _meter()
    for _ in range(each):
        processor, clock = spent(), time.perf_counter()
        _open(address)
        opened.processor.append(spent() - processor)
        opened.clock.append(time.perf_counter() - clock)
    return opened


def _statements(address: Address) -> int:
    """How many it takes once what is kept between requests is there."""
    _open(address)
    return len(counted(lambda: _open(address)))


def _meter() -> Callable[[], float]:
    """Reads the processor time of this process and, if it is on this machine, of its PostgreSQL process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        theirs = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + (int(theirs.read_text().split()[0]) / 1e9 if theirs.exists() else 0)


def _open(address: Address) -> None:
    if address.act:
        address.act()
        return
    answer: Any = address.client.get(address.path, follow=True)
    if answer.status_code != 200:
        raise WrongAnswer(f"{answer.status_code}: {address.path}")
    if answer.streaming:
        list(answer.streaming_content)


def _figure(opened: Opened, few: int | None) -> Figure:
    goal = MOST_FOR_SEARCH if opened.address.act else MOST
    same = "" if few in (None, opened.statements) else f" ({few} in the small one)"
    result = (
        f"processor {_spread(opened.processor)}, clock {_spread(opened.clock)}; "
        f"{opened.statements} statements{same}"
    )
    usual = median(opened.processor) * 1000
    return Figure(opened.address.name, result, usual, " ms", at_most=goal)


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{ms(median(ordered))} (p95 {ms(ordered[min(len(ordered) * 95 // 100, len(ordered) - 1)])})"

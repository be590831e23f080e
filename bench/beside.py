"""Measure something beside its floor: in short turns, so that a neighbour's noise hits both."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench import effort
from bench.figures import Figure, ms
from bench.load import Round, Site


@dataclass(frozen=True)
class Pair:
    """All rounds together; the median of the rounds' rates ours ÷ floor's, and that in processor's time."""

    floor: Round
    ours: Round
    ratio: float
    work: float


def beside(site: Site, rounds: Iterable[tuple[Sequence[bytes], Sequence[bytes]]]) -> Pair:
    """Send floor's and our requests in turn; WrongAnswer if any is not answered well."""
    floor, ours, ratios, works = Round(), Round(), [], []
    for floors, mine in rounds:
        begun = effort.spent(site.pid)
        measured = [site.send(floors)]
        between = effort.spent(site.pid)
        measured.append(site.send(mine))
        works.append((between - begun) / len(floors) / ((effort.spent(site.pid) - between) / len(mine)))
        ratios.append(measured[1].rate / measured[0].rate)
        floor.add(measured[0])
        ours.add(measured[1])
    return Pair(floor, ours, statistics.median(ratios), statistics.median(works))


def p99(name: str, pair: Pair, *, at_most: float | None = 3.0) -> Figure:
    """How much longer the slowest of a hundred take than the floor's."""
    ours, floor = pair.ours.percentile(99), pair.floor.percentile(99)
    return Figure(
        f"p99 of {name} ÷ the floor's",
        f"{ms(ours)} beside {ms(floor)}",
        ours / floor,
        " times",
        at_most=at_most,
    )


def told(pair: Pair) -> str:
    """The rates and the usual times, and the ratio in processor's time, which neighbours hardly change."""
    return (
        f"{pair.ours.rate:.0f}/s beside {pair.floor.rate:.0f}/s; p50 {ms(pair.ours.percentile(50))}; "
        f"in processor's time {pair.work:.3f}"
    )

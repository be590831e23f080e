"""Measure something beside its floor: in short turns, so that a neighbour's noise hits both."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.load import Round, Site


@dataclass(frozen=True)
class Pair:
    """All rounds together, and the median of each round's rate ours ÷ floor's."""

    floor: Round
    ours: Round
    ratio: float


def beside(site: Site, rounds: Iterable[tuple[Sequence[bytes], Sequence[bytes]]]) -> Pair:
    """Send floor's and our requests in turn; WrongAnswer if any is not answered well."""
    floor, ours, ratios = Round(), Round(), []
    for floors, mine in rounds:
        measured = site.send(floors), site.send(mine)
        ratios.append(measured[1].rate / measured[0].rate)
        floor.add(measured[0])
        ours.add(measured[1])
    return Pair(floor, ours, statistics.median(ratios))

"""What each path costs with many bookings beside what it costs with few.

In one process, without a network and a server around it, so that nothing hides the difference; the sizes take
turns, so that a noisy minute hits all of them.
"""

import time
from collections import defaultdict
from collections.abc import Sequence

from bench.figures import Figure
from bench.mint import Mint
from bench.paths import Paths
from bench.sizes import prepare, using
from bench.stock import Stock
from sandbox.client import Sandbox

MOST = 1.5

Costs = dict[str, dict[int, list[float]]]


def scale(sizes: Sequence[int], mint: Mint, sandbox: Sandbox, *, turns: int, each: int) -> list[Figure]:
    """Measure every path at every size; each path's goal is the largest ÷ the smallest."""
    prepare(sizes)
    paths: dict[int, Paths] = {}
    costs: Costs = defaultdict(lambda: defaultdict(list))
    for _ in range(turns):
        for size in sizes:
            with using(size):
                if size not in paths:
                    paths[size] = Paths(Stock(), mint, sandbox)
                _measure(paths[size], costs, size, each)
    return [_figure(path, sizes, found) for path, found in costs.items()]


def _measure(paths: Paths, costs: Costs, size: int, each: int) -> None:
    for name, path in paths.all():
        if path.is_long and size in costs[name]:
            continue
        if not path.is_long:
            path.act(path.prepare())  # warm
        for _ in range(1 if path.is_long else each):
            prepared = path.prepare()
            started = time.perf_counter()
            done = path.act(prepared)
            costs[name][size].append((time.perf_counter() - started) / done)
        path.restore()


def _figure(path: str, sizes: Sequence[int], found: dict[int, list[float]]) -> Figure:
    usual = {size: _quartile(found[size]) for size in sizes}
    result = ", ".join(f"{size:,}: {seconds * 1000:.2f} ms" for size, seconds in usual.items())
    ratio = usual[sizes[-1]] / usual[sizes[0]]
    return Figure(path, result, ratio, " times", at_most=MOST)


def _quartile(seconds: Sequence[float]) -> float:
    """The lower one: what a neighbour on the machine adds is not the path's cost."""
    return sorted(seconds)[(len(seconds) - 1) // 4]

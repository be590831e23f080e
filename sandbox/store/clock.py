"""The sandbox's clock: real time plus what it was moved ahead, and what happens later on it."""

import heapq
import itertools
import time
from collections.abc import Callable

# Without a pace of its own "some time later" is an hour on the sandbox's clock.
MANUAL_DELAY = 3600.0

Action = Callable[[], object]


class Clock:
    def __init__(self, settle_after: float | None) -> None:
        self.settle_after = settle_after
        self.reset()

    def reset(self) -> None:
        """Back to real time, with nothing planned."""
        self.ahead = 0.0
        self._numbers = itertools.count()
        self._soon: list[tuple[float, int, Action]] = []
        self._fixed: list[tuple[float, int, Action]] = []

    def time(self) -> float:
        """Seconds since the epoch on the sandbox's clock."""
        return time.time() + self.ahead

    def now(self) -> int:
        """Whole seconds since the epoch, as Stripe writes them."""
        return int(self.time())

    @property
    def planned(self) -> int:
        """How many later effects wait, deadlines not counted."""
        return len(self._soon)

    def soon(self, action: Action) -> None:
        """Do it some time later: by itself, or when the test says so."""
        delay = MANUAL_DELAY if self.settle_after is None else self.settle_after
        heapq.heappush(self._soon, (self.time() + delay, next(self._numbers), action))

    def at(self, when: int, action: Action) -> None:
        """Do it when the clock reaches that second."""
        heapq.heappush(self._fixed, (float(when), next(self._numbers), action))

    def run_due(self) -> int:
        """Do what is due; how many things that were."""
        return sum(_run(waiting, until=self.time()) for waiting in (self._soon, self._fixed))

    def settle(self) -> int:
        """Do all that waits for 'some time later', due or not; deadlines stay."""
        return _run(self._soon, until=float("inf"))


def _run(waiting: list[tuple[float, int, Action]], *, until: float) -> int:
    done = 0
    while waiting and waiting[0][0] <= until:
        heapq.heappop(waiting)[2]()
        done += 1
    return done

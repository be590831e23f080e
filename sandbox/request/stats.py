"""Counts of API requests, for tests and benchmarks."""

import threading
import time
from collections import Counter

from sandbox.store.shelf import Obj


class Stats:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Count from nothing."""
        self._statuses: Counter[str] = Counter()
        self._endpoints: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()
        self._replayed = 0

    def count(self, endpoint: str, status: int | None, *, replayed: bool = False) -> None:
        """One request; no status means that the connection was dropped."""
        with self._lock:
            self._endpoints[endpoint] += 1
            self._statuses[str(status or "dropped")] += 1
            self._seconds[int(time.time())] += 1
            self._replayed += replayed

    def report(self) -> Obj:
        """All counts; `per_second` is by second of real time."""
        with self._lock:
            return {
                "requests": sum(self._endpoints.values()),
                "too_many": self._statuses["429"],
                "replayed": self._replayed,
                "by_status": dict(self._statuses),
                "by_endpoint": dict(self._endpoints),
                "per_second": {str(second): n for second, n in sorted(self._seconds.items())},
            }

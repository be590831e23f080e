"""A real rate limit: so many requests in any second, in all and for each endpoint."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.request.errors import StripeError


@dataclass
class Limits:
    """None means no limit."""

    overall: int | None = None
    per_endpoint: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _all: deque[float] = field(default_factory=deque)
    _by_endpoint: dict[str, deque[float]] = field(default_factory=dict)

    def admit(self, endpoint: str) -> None:
        """Count the request, or refuse it as Stripe does."""
        if self.overall is None and self.per_endpoint is None:
            return
        now = time.monotonic()
        with self._lock:
            mine = self._by_endpoint.setdefault(endpoint, deque())
            if _full(mine, self.per_endpoint, now):
                raise too_many("endpoint-rate")
            if _full(self._all, self.overall, now):
                raise too_many("global-rate")
            mine.append(now)
            self._all.append(now)


def _full(recent: deque[float], limit: int | None, now: float) -> bool:
    while recent and recent[0] <= now - 1:
        recent.popleft()
    return limit is not None and len(recent) >= limit


def too_many(reason: str, headers: dict[str, str] | None = None) -> StripeError:
    """The 429 of a rate limit, with its reason."""
    return StripeError(
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        status=429,
        code="rate_limit",
        saved=False,
        headers={"Stripe-Rate-Limited-Reason": reason, **(headers or {})},
    )

"""A call to Stripe ends in time as a whole, however slowly an answer drips; and few wait while somebody does.

The SDK's time-outs are for each read: a byte every ten seconds would hold a thread for ever.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from payments.gateway.failures import Busy

# Retries and all; below the workers' lease (core/work/lease.py).
CALL_SECONDS = 25.0
# A retry that can't be answered in this time isn't begun.
WORTH_TRYING_SECONDS = 2.0
# All calls of one request together, while a customer or somebody on the staff waits for its answer.
CUSTOMER_SECONDS, STAFF_SECONDS = 10.0, 25.0
COME_BACK_SECONDS = 5.0


@dataclass(frozen=True)
class Patience:
    """Until when somebody waits, by a clock that only counts."""

    until: float


_waiting: ContextVar[Patience | None] = ContextVar("somebody waits", default=None)
_call: ContextVar[float | None] = ContextVar("the present call ends", default=None)


@contextmanager
def somebody_waits(seconds: float) -> Iterator[None]:
    """All calls within end together in so many seconds, and only if there is a seat for them (Busy)."""
    token = _waiting.set(Patience(time.monotonic() + seconds))
    try:
        yield
    finally:
        _waiting.reset(token)


@contextmanager
def seat() -> Iterator[None]:
    """One of the few threads that may wait for Stripe while people wait for them; workers need none."""
    if _waiting.get() is None:
        yield
        return
    if not _seats(settings.STRIPE_SEATS).acquire(blocking=False):
        raise Busy("too_many_wait_for_stripe", retry_after=COME_BACK_SECONDS)
    try:
        yield
    finally:
        _seats(settings.STRIPE_SEATS).release()


@lru_cache(maxsize=1)
def _seats(number: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(number)


@contextmanager
def call() -> Iterator[None]:
    """One call, its retries included."""
    until = time.monotonic() + CALL_SECONDS
    if patience := _waiting.get():
        until = min(until, patience.until)
    token = _call.set(until)
    try:
        yield
    finally:
        _call.reset(token)


def left() -> float:
    """Seconds until the present call has to be over; raises TimeoutError when it has to be."""
    until = _call.get()
    seconds = CALL_SECONDS if until is None else until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("Stripe takes too long")
    return seconds


def is_worth_trying() -> bool:
    """Whether another attempt of the present call could be answered in time."""
    until = _call.get()
    return until is None or until - time.monotonic() > WORTH_TRYING_SECONDS

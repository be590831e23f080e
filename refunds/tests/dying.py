"""Kill a real process in the middle of its work, at a point that has a name.

The process is forked from the test's, so that it costs milliseconds: the functions that it goes through are
wrapped there and nowhere else, and at the chosen one it gets a SIGKILL. What it had not committed is gone.
"""

import os
import signal
import traceback
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.db import connections

from bookings import lifecycle
from core.work import lease
from payments import capture, checkout, gateway, holds
from payments.events import inbox
from refunds import attempts, cancellation, interlock
from refunds.disputes import reading
from refunds.sending import setbacks, settlement, submission

# Name of the point: where the function is looked up, its name, and whether it is reached before or after it.
WORKER_POINTS: dict[str, tuple[Any, str, str]] = {
    "about to claim": (lease, "claim", "before"),
    "claimed": (lease, "claim", "after"),
    "decided under the lock, not committed": (attempts, "begin", "after"),
    "committed to sending": (submission, "may_go", "before"),
    "asked for disputes": (reading.LiveDisputes, "against", "after"),
    "request on its way": (gateway, "create_refund", "before"),
    "done at Stripe, answer lost": (gateway, "create_refund", "after"),
    "settled, not committed": (settlement, "settle", "after"),
    "settled and committed": (settlement, "apply_refunds", "after"),
}
SETBACK_POINTS: dict[str, tuple[Any, str, str]] = {
    "looked up, not written down": (gateway, "refunds_of", "after"),
    "looked up and written down": (setbacks, "learn", "after"),
    "refused, not yet decided again": (setbacks, "decide_again", "before"),
    "about to be tried later": (setbacks, "try_later", "before"),
    "tried later, committed": (setbacks, "try_later", "after"),
    "held, not committed": (interlock, "enforce", "after"),
    "given up, not committed": (setbacks, "give_up", "after"),
}
MONEY_IN_POINTS: dict[str, tuple[Any, str, str]] = {
    "PaymentIntent made, not saved": (gateway, "create_intent", "after"),
    "customer made, not saved": (gateway, "create_customer", "after"),
    "sheet ready, not answered": (checkout, "open_sheet", "after"),
    "event applied, not stored": (inbox, "_insert", "before"),
    "event stored, not committed": (inbox, "_insert", "after"),
    "event committed, not answered": (inbox, "take_in", "after"),
    "booking confirmed, not committed": (lifecycle, "confirm", "after"),
    "PaymentIntent cancelled, hold not expired": (gateway, "cancel_intent", "after"),
    "payment closed, hold not expired": (capture, "apply_intent", "after"),
    "hold expired, not committed": (lifecycle, "expire", "after"),
    "hold expired and committed": (holds, "settle_unpaid", "after"),
}
CANCEL_POINTS: dict[str, tuple[Any, str, str]] = {
    "slot freed, nothing written down": (lifecycle, "cancel", "after"),
    "refund written down, not committed": (cancellation, "open_record", "after"),
    "cancelled and committed, not answered": (cancellation, "cancel_booking", "after"),
}
POINTS = WORKER_POINTS | SETBACK_POINTS | MONEY_IN_POINTS | CANCEL_POINTS


def dies_at(point: str, work: Callable[[], object]) -> bool:
    """Do `work` in a process of its own that is killed at `point`; False if it never got there."""
    connections.close_all()
    with warnings.catch_warnings():
        # Python 3.12 warns of threads; those of the test runner hold no lock that the work needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_killed(point, work)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"{point}: it failed before it could die"
    return os.WIFSIGNALED(status)


def _be_killed(point: str, work: Callable[[], object]) -> NoReturn:
    try:
        gateway.client.cache_clear()  # the parent's connections to Stripe stay the parent's
        place, name, when = POINTS[point]
        setattr(place, name, _lethal(getattr(place, name), when))
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _lethal(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return wrapper

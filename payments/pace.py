"""Workers together stay below Stripe's rate limit: one row tells when the next request may go out.

Web requests never wait here.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from payments.models import Mark

NAME = "stripe pace"
# So many slots that all workers just missed may still be used: small delays would add up to a slower pace.
MADE_UP = 2


def reserve(requests: int, *, now: datetime) -> timedelta:
    """Book the next `requests` slots of STRIPE_PACE a second; returns how long to wait for the first."""
    step = timedelta(seconds=1 / settings.STRIPE_PACE)
    return max(_push(now - MADE_UP * step, requests * step) - now, timedelta())


def slow_down(by: timedelta, *, now: datetime) -> None:
    """Stripe told us to wait: everybody does."""
    _push(now + by, timedelta())


def _push(earliest: datetime, by: timedelta) -> datetime:
    with transaction.atomic():
        Mark.objects.get_or_create(name=NAME, defaults={"at": earliest})
        mark = Mark.objects.select_for_update().get(name=NAME)
        slot = max(mark.at, earliest)
        Mark.objects.filter(name=NAME).update(at=slot + by)
    return slot


def wait_for_slot(clock: Callable[[], datetime], *, requests: int = 1) -> None:
    """Sleep until `requests` may go out."""
    time.sleep(max(reserve(requests, now=clock()).total_seconds(), 0))

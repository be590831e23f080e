"""Workers together stay below Stripe's rate limit: one row tells when the next request may go out.

Told by the database's clock. Web requests never wait here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core.models import Mark
from core.work import stopping

NAME, REFUNDS = "stripe pace", "stripe pace of refunds"
# So many slots that all workers just missed may still be used: small delays would add up to a slower pace.
MADE_UP = 2
# Nobody waits longer, whatever the row says.
LONGEST = timedelta(minutes=1)
# A longer wait is a pause that Stripe asked for: nothing new is begun in it.
BRIEF = timedelta(seconds=5)


def reserve(requests: int, *, now: datetime) -> timedelta:
    """Book the next `requests` slots of STRIPE_PACE a second; returns how long to wait for the first."""
    return _reserve(NAME, settings.STRIPE_PACE, requests, now)


def reserve_refund(*, now: datetime) -> timedelta:
    """The same for creating a refund: the one endpoint that a backlog calls has a limit of its own."""
    wait = reserve(1, now=now)
    if settings.STRIPE_PACE <= settings.STRIPE_REFUND_PACE:
        return wait
    return max(wait, _reserve(REFUNDS, settings.STRIPE_REFUND_PACE, 1, now))


def _reserve(name: str, a_second: float, requests: int, now: datetime) -> timedelta:
    step = timedelta(seconds=1 / a_second)
    return max(_push(name, now, now - MADE_UP * step, requests * step) - now, timedelta())


def slow_down(by: timedelta, *, now: datetime) -> None:
    """Stripe told us to wait: everybody does, for a minute at most."""
    _push(NAME, now, now + by, timedelta())


def is_paused(now: datetime) -> bool:
    """Whether Stripe told us to wait, so that nothing should be begun that would have to wait."""
    return Mark.objects.filter(name=NAME, at__gt=now + BRIEF, at__lte=now + LONGEST).exists()


def _push(name: str, now: datetime, earliest: datetime, by: timedelta) -> datetime:
    with transaction.atomic():
        Mark.objects.get_or_create(name=name, defaults={"at": earliest})
        mark = Mark.objects.select_for_update().get(name=name)
        # What lies further ahead was written by a wrong clock.
        booked = mark.at if mark.at <= now + LONGEST else earliest
        slot = min(max(booked, earliest), now + LONGEST)
        Mark.objects.filter(name=name).update(at=slot + by)
    return slot


def wait_for_slot(clock: Callable[[], datetime], *, requests: int = 1) -> None:
    """Sleep until `requests` may go out, or until this process is told to stop."""
    stopping.sleep(reserve(requests, now=clock()).total_seconds())


def wait_to_refund(clock: Callable[[], datetime]) -> None:
    """Sleep until a refund may be created, or until this process is told to stop."""
    stopping.sleep(reserve_refund(now=clock()).total_seconds())

"""Rows that nobody needs once their time is over; the worker clears them away."""

from collections.abc import Callable
from datetime import datetime

from knox.models import AuthToken

from accounts.guesses import REMEMBERED
from accounts.models import KnownPlace, Session
from core.models import RequestCount
from refunds.models import SealedPerson


def forget_what_ran_out(clock: Callable[[], datetime]) -> int:
    """Delete ended sessions, tokens and counting periods; returns how many."""
    now = clock()
    ended = (
        Session.objects.filter(expire_date__lt=now),
        AuthToken.objects.filter(expiry__lt=now),
        KnownPlace.objects.filter(seen_at__lt=now - REMEMBERED),
        SealedPerson.objects.filter(keep_until__lt=now),
        RequestCount.objects.filter(period_ends_at__lt=now),
    )
    return sum(rows.delete()[0] for rows in ended)

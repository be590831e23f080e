"""Rows that nobody needs once their time is over; the worker clears them away."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from knox.models import AuthToken

from accounts.guesses import REMEMBERED
from accounts.models import KnownPlace, Session, User
from core.models import RequestCount
from refunds.models import SealedPerson

UNVERIFIED = timedelta(days=7)
BATCH = 500


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
    return forget_unverified(now) + sum(rows.delete()[0] for rows in ended)


def forget_unverified(now: datetime) -> int:
    """Delete people who signed up, did not verify their address within UNVERIFIED and did nothing else."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    gone = User.objects.filter(
        Exists(EmailAddress.objects.filter(user=OuterRef("pk"))),
        ~Exists(verified),
        is_staff=False,
        date_joined__lt=now - UNVERIFIED,
        bookings=None,
        stripe_customer=None,
    )
    return int(User.objects.filter(pk__in=list(gone.values_list("pk", flat=True)[:BATCH])).delete()[0])

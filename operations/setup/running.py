"""What has to be at work or in place: a worker, the staff's roles."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import KnownPlace
from backoffice import roles
from core import clock
from core.storage import replica
from core.work import heartbeat
from operations.setup.result import Result, failed, ok, warning

ENOUGH_TO_TELL = 5


def worker(now: datetime) -> Iterator[Result]:
    seen, now = heartbeat.last_seen(), clock.now()
    if seen is None:
        yield failed("worker", "never seen", "Start `manage.py worker` and keep it running.")
    elif now - seen > heartbeat.PROCESS_SILENT:
        advice = "Start `manage.py worker` and keep it running."
        yield failed("worker", f"last seen {seen:%Y-%m-%d %H:%M:%S} UTC", advice)
    elif silent := heartbeat.silent_threads(now):
        advice = "Look for worker.thread_died and job.failed in the log, and start the worker anew."
        yield failed("worker", f"no thread looks after {', '.join(silent)}", advice)
    else:
        yield ok("worker", f"seen {max((now - seen).total_seconds(), 0):.0f} s ago")


def replica_lag(now: datetime) -> Iterator[Result]:
    """CSV files come from the replica only while it knows what happened."""
    if not replica.is_set_up():
        return
    lag = replica.lag(clock.now())
    if lag is None:
        advice = "Check DATABASE_REPLICA_URL and that a worker runs. Until then the primary is read."
        yield warning("replica", "can't be reached, or has no worker's pulse", advice)
    elif lag > settings.REPLICA_LAG:
        advice = "Look at its replication. Until it has caught up the primary is read."
        yield warning("replica", f"{lag.total_seconds():.0f} s behind", advice)
    else:
        yield ok("replica", f"at most {lag.total_seconds():.0f} s behind")


def sign_in_addresses(now: datetime) -> Iterator[Result]:
    """Guesses are counted by address: behind a proxy that isn't named here, all people have one."""
    recent = KnownPlace.objects.filter(seen_at__gt=now - timedelta(days=30))
    people, places = (recent.values(name).distinct().count() for name in ("user", "place"))
    if people >= ENOUGH_TO_TELL and places == 1:
        advice = "Set TRUSTED_PROXIES to the number of proxies before the site, or one guesser locks all out."
        yield warning("addresses", f"{people} people signed in, all from one address", advice)
    else:
        yield ok("addresses", f"{people} people signed in from {places} addresses in 30 days")


def staff_roles(now: datetime) -> Iterator[Result]:
    """The roles are made here where they are missing."""
    yield ok("roles", ", ".join(roles.ensure_roles()))

"""What has to be at work or in place: a worker, the staff's roles."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from backoffice import roles
from core.models import Mark
from operations.setup.result import Result, failed, ok

SEEN_WITHIN = timedelta(minutes=1)


def worker(now: datetime) -> Iterator[Result]:
    mark = Mark.objects.filter(name="worker").first()
    if mark is None:
        yield failed("worker", "never seen", "Start `manage.py worker` and keep it running.")
    elif now - mark.at > SEEN_WITHIN:
        advice = "Start `manage.py worker` and keep it running."
        yield failed("worker", f"last seen {mark.at:%Y-%m-%d %H:%M:%S} UTC", advice)
    else:
        yield ok("worker", f"seen {max((now - mark.at).total_seconds(), 0):.0f} s ago")


def staff_roles(now: datetime) -> Iterator[Result]:
    """The roles are made here where they are missing."""
    yield ok("roles", ", ".join(roles.ensure_roles()))

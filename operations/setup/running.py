"""What has to be at work or in place: a worker, the staff's roles."""

from collections.abc import Iterator
from datetime import datetime

from backoffice import roles
from core import clock, heartbeat
from operations.setup.result import Result, failed, ok


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


def staff_roles(now: datetime) -> Iterator[Result]:
    """The roles are made here where they are missing."""
    yield ok("roles", ", ".join(roles.ensure_roles()))

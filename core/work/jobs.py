"""What workers look after: what is due is done, whoever woke them.

The rows are the truth. On PostgreSQL a NOTIFY inside the transaction wakes workers when it commits; where
it is lost, or on SQLite, they look once a second. Any number of workers may run (core/work/worker.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection

from core.storage import database
from core.work import stopping, turns

log = structlog.get_logger()

Clock = Callable[[], datetime]
CHANNEL = "work"


@dataclass(frozen=True)
class Job:
    """Something to look after. `run` returns how much it did; with anything done it is asked again at once.

    A job with `every` runs that often, on one worker at a time (every 0 seconds: only when hurried); one
    without is shared by all workers through leases. Jobs of one `thread` wait for each other.
    """

    name: str
    run: Callable[[Clock], int]
    every: timedelta | None = None
    thread: str = ""

    @property
    def lane(self) -> str:
        """The thread that looks after it."""
        return self.thread or ("stripe" if self.every is None else "periodic")


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Give the workers something to look after. Twice is a mistake."""
    if job.name in _jobs:
        raise RuntimeError(f"{job.name} is registered twice")
    _jobs[job.name] = job


def jobs() -> list[Job]:
    return list(_jobs.values())


def hurry(name: str, *, now: datetime) -> None:
    """Have a periodic job done at once, by whichever worker looks first."""
    turns.hurry(name, now=now)
    wake()


def wake() -> None:
    """Wake workers once the transaction commits; nothing is lost if they don't hear it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def run_due(clock: Clock, among: Iterable[Job] | None = None) -> int:
    """Do all that is due now (of these jobs, if given), once around; returns how much was done."""
    some = jobs() if among is None else list(among)
    later = turns.to_come({job.name: job.every for job in some if job.every is not None}, clock())
    return sum(_run(job, clock) for job in some if job.name not in later and not stopping.is_told())


def run_until_idle(clock: Clock, *, rounds: int = 1000) -> None:
    """Do what is due until nothing is left (for the command's --once, and for tests)."""
    for _ in range(rounds):
        if not run_due(clock):
            return


def _run(job: Job, clock: Clock) -> int:
    try:
        if job.every is None:
            return job.run(clock)
        if turn := turns.take(job.name, job.every, clock()):
            _run_in_turn(job, turn, clock)
    except Exception as error:
        # One job's trouble must not keep the others from running; it shows in the log and the metrics.
        log.exception("job.failed", job=job.name)
        if database.is_away(error):
            database.drop()
        connection.close_if_unusable_or_obsolete()
    return 0


def _run_in_turn(job: Job, turn: turns.Turn, clock: Clock) -> None:
    try:
        with turns.in_hand(turn):
            job.run(clock)
    finally:
        turn.end()

"""The worker's loop: what is due is done, whoever woke it.

The rows are the truth. On PostgreSQL a NOTIFY inside the transaction wakes workers when it commits; where
it is lost, or on SQLite, they look once a second. Any number of workers may run.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import close_old_connections, connection, transaction

from core.models import Mark

log = structlog.get_logger()

Clock = Callable[[], datetime]
CHANNEL = "work"
IDLE_SECONDS = 1.0
GRACE_SECONDS = 20  # for a periodic job in hand; one that is cut off is taken up at its next turn
BEAT_EVERY = timedelta(seconds=5)


@dataclass(frozen=True)
class Job:
    """Something to look after. `run` returns how much it did; with anything done it is asked again at once.

    A job with `every` runs that often, on one worker at a time (every 0 seconds: only when hurried); one
    without is shared by all workers through leases.
    """

    name: str
    run: Callable[[Clock], int]
    every: timedelta | None = None


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
    Mark.objects.update_or_create(name=_turn(name), defaults={"at": now})
    wake()


def wake() -> None:
    """Wake workers once the transaction commits; nothing is lost if they don't hear it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def run_due(clock: Clock) -> int:
    """Do all that is due now, once around; returns how much was done."""
    return sum(_run(job, clock) for job in _due(jobs(), clock()))


def _due(among: list[Job], now: datetime) -> list[Job]:
    """All but the periodic ones whose turn is still to come: one question for all of them."""
    later = set(Mark.objects.filter(at__gt=now).values_list("name", flat=True))
    return [job for job in among if _turn(job.name) not in later]


def run_until_idle(clock: Clock, *, rounds: int = 1000) -> None:
    """Do what is due until nothing is left (for the command's --once, and for tests)."""
    for _ in range(rounds):
        if not run_due(clock):
            return


def run_forever(clock: Clock, stop: threading.Event) -> None:
    """Look after the jobs until `stop` is set; what is in hand is finished first.

    Periodic jobs have a thread of their own: no refund waits while a month is compared with Stripe's.
    """
    periodic = threading.Thread(target=_run_periodic, args=(clock, stop), name="periodic", daemon=True)
    periodic.start()
    shared = [job for job in jobs() if job.every is None]

    def once_around() -> None:
        _beat(clock())
        if not sum(_run(job, clock) for job in shared):
            _wait(stop)

    _keep_doing(once_around, stop)
    periodic.join(GRACE_SECONDS)


def _run_periodic(clock: Clock, stop: threading.Event) -> None:
    periodic = [job for job in jobs() if job.every is not None]

    def once_around() -> None:
        for job in _due(periodic, clock()):
            if not stop.is_set():
                _run(job, clock)
        stop.wait(IDLE_SECONDS)

    _keep_doing(once_around, stop)
    connection.close()


def _keep_doing(once_around: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            once_around()
        except Exception:
            # A database that restarts must not need us restarted too.
            log.exception("worker.failed")
            stop.wait(IDLE_SECONDS)
            close_old_connections()


def _run(job: Job, clock: Clock) -> int:
    if job.every is not None and not take_turn(job.name, job.every, clock()):
        return 0
    try:
        done = job.run(clock)
    except Exception:
        # One job's trouble must not keep the others from running; it shows in the log and the metrics.
        log.exception("job.failed", job=job.name)
        return 0
    return 0 if job.every is not None else done


def take_turn(name: str, every: timedelta, now: datetime) -> bool:
    """Take this turn of a periodic job, unless another worker has it; `at` is when the next is due."""
    turn = {"name": _turn(name)}
    if not every:
        return Mark.objects.filter(**turn, at__lte=now).delete()[0] == 1
    Mark.objects.get_or_create(**turn, defaults={"at": now})
    return Mark.objects.filter(**turn, at__lte=now).update(at=now + every) == 1


def give_turn_back(name: str, now: datetime) -> None:
    """The turn came to nothing: whoever comes next may take it."""
    Mark.objects.filter(name=_turn(name)).update(at=now)


def _turn(name: str) -> str:
    return f"next {name}"


def _beat(now: datetime) -> None:
    seen = Mark.objects.filter(name="worker")
    if not seen.filter(at__gt=now - BEAT_EVERY).exists():
        with transaction.atomic():
            Mark.objects.update_or_create(name="worker", defaults={"at": now})


def _wait(stop: threading.Event) -> None:
    if connection.vendor != "postgresql":
        stop.wait(IDLE_SECONDS / 4)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    for _ in connection.connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
        pass

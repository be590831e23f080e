"""A worker: mail, Stripe's work and periodic work, each in a thread of its own, until told to stop.

No refund waits for a mail server, and none while a month is compared with Stripe's.
"""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import connection

from core.storage import database, pooler
from core.work import heartbeat, jobs, turns
from core.work.jobs import CHANNEL, Clock, Job

log = structlog.get_logger()

IDLE_SECONDS = 1.0
GRACE_SECONDS = 20  # for what is in hand; what is cut off is taken up by another worker, or at its next turn


class Lane:
    """The jobs of one thread."""

    def __init__(self, name: str, some: list[Job], clock: Clock, stop: threading.Event) -> None:
        self.name, self._jobs, self._clock, self._stop = name, some, clock, stop
        self._thread = threading.Thread(target=self._look_after, name=name, daemon=True)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._look_after, name=self.name, daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self, seconds: float) -> None:
        self._thread.join(max(seconds, 0))

    def _look_after(self) -> None:
        try:
            while not self._stop.is_set():
                self._go_around()
        finally:
            connection.close()

    def _go_around(self) -> None:
        try:
            heartbeat.beat(self._clock(), self.name)
            if not jobs.run_due(self._clock, self._jobs):
                self._wait()
        except Exception:
            # A database that restarts must not need us restarted too.
            log.exception("worker.failed", thread=self.name)
            database.drop()
            self._stop.wait(IDLE_SECONDS)

    def _wait(self) -> None:
        if connection.vendor != "postgresql":
            self._stop.wait(IDLE_SECONDS / 4)
            return
        if pooler.is_between(connection):
            self._stop.wait(IDLE_SECONDS)
            return
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        for _ in connection.connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
            pass


def run_forever(clock: Clock, stop: threading.Event) -> None:
    """Look after the jobs until `stop` is set; what is in hand is finished first, within GRACE_SECONDS."""
    lanes = _lanes(clock, stop)
    for lane in lanes:
        lane.start()
    while not stop.is_set():
        _watch(lanes, clock)
        stop.wait(IDLE_SECONDS)
    _quietly(jobs.wake)  # those that sleep needn't sleep on
    until = time.monotonic() + GRACE_SECONDS
    for lane in lanes:
        lane.join(until - time.monotonic())


def _lanes(clock: Clock, stop: threading.Event) -> list[Lane]:
    by_name: dict[str, list[Job]] = {}
    for job in jobs.jobs():
        by_name.setdefault(job.lane, []).append(job)
    return [Lane(name, some, clock, stop) for name, some in by_name.items()]


def _watch(lanes: list[Lane], clock: Clock) -> None:
    """Put another thread in the place of one that died; say that all live, and hold their turns."""
    for lane in lanes:
        if not lane.is_alive():
            log.error("worker.thread_died", thread=lane.name)
            lane.start()
    _quietly(lambda: heartbeat.beat(clock()))
    _quietly(lambda: turns.renew_all(clock()))


def _quietly(do: Callable[[], None]) -> None:
    """The watch goes on without a database."""
    try:
        do()
    except Exception as error:
        log.warning("worker.watch_failed", error=type(error).__name__)
        database.drop()

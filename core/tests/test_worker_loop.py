"""The worker's threads: what takes long keeps nothing else waiting, and one that dies is noticed."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time
from structlog.testing import capture_logs

from config.tests.waiting import wait_until
from core import clock
from core.models import Mark
from core.work import heartbeat, jobs, turns, worker

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 30


def run_until(stop: threading.Event) -> None:
    try:
        worker.run_forever(timezone.now, stop)
    finally:
        connection.close()


def test_a_periodic_job_that_takes_long_keeps_nothing_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    began, may_end, sent, stop = (threading.Event() for _ in range(4))

    def compare(_: jobs.Clock) -> int:
        began.set()
        may_end.wait(PATIENCE_SECONDS)
        return 0

    def send(_: jobs.Clock) -> int:
        if began.is_set():
            sent.set()
        return 0

    long, short = jobs.Job("long", compare, every=timedelta(hours=1)), jobs.Job("short", send)
    monkeypatch.setattr(jobs, "_jobs", {"long": long, "short": short})
    with at_work(stop):
        assert sent.wait(PATIENCE_SECONDS)
        may_end.set()
        wait_until(Mark.objects.filter(name="worker").exists)


def test_a_mail_server_that_says_nothing_keeps_no_refund_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    began, may_end, sent, stop = (threading.Event() for _ in range(4))

    def mail(_: jobs.Clock) -> int:
        began.set()
        may_end.wait(PATIENCE_SECONDS)
        return 0

    def refund(_: jobs.Clock) -> int:
        if began.is_set():
            sent.set()
        return 0

    both = jobs.Job("mail", mail, thread="mail"), jobs.Job("refunds", refund)
    monkeypatch.setattr(jobs, "_jobs", {job.name: job for job in both})
    with at_work(stop):
        assert sent.wait(PATIENCE_SECONDS)
        may_end.set()
    assert set(heartbeat.threads()) == {"mail", "stripe"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_noticed_and_another_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    died, lives, stop = (threading.Event() for _ in range(3))

    def die_once(_: jobs.Clock) -> int:
        if not died.is_set():
            died.set()
            sys.exit()  # no Exception: nothing in the loop catches it
        lives.set()
        return 0

    monkeypatch.setattr(jobs, "_jobs", {"dies": jobs.Job("dies", die_once)})
    with capture_logs() as logs, at_work(stop):
        assert lives.wait(PATIENCE_SECONDS)
    assert {"event": "worker.thread_died", "log_level": "error", "thread": "stripe"} in logs


def test_one_jobs_trouble_keeps_no_other_from_running(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fail(_: jobs.Clock) -> int:
        raise ValueError

    def run(_: jobs.Clock) -> int:
        ran.append(True)
        return 0

    both = jobs.Job("fails", fail), jobs.Job("runs", run)
    monkeypatch.setattr(jobs, "_jobs", {job.name: job for job in both})
    with capture_logs():
        jobs.run_due(timezone.now)
    assert ran == [True]


def test_a_turn_that_a_wrong_clock_put_off_for_a_day_comes_all_the_same() -> None:
    now, every = timezone.now(), timedelta(seconds=10)
    assert turns.take("holds", every, now + timedelta(days=1))
    assert turns.to_come({"holds": every}, now) == set()
    assert turns.take("holds", every, now)
    assert turns.to_come({"holds": every}, now) == {"holds"}
    assert not turns.take("holds", every, now + timedelta(seconds=9))


def test_a_worker_whose_clock_is_a_day_ahead_is_not_seen_in_the_future() -> None:
    now = timezone.now()
    heartbeat.beat(now + timedelta(days=1))
    heartbeat.beat(now)
    assert heartbeat.last_seen() == now


def test_the_databases_clock_tells_the_time_whatever_this_machine_says() -> None:
    before = timezone.now() - timedelta(milliseconds=1)
    with freeze_time("2001-01-01"):
        told = clock.now()
    assert before <= told <= timezone.now()


@contextmanager
def at_work(stop: threading.Event) -> Iterator[None]:
    """A worker, told to stop at the end."""
    working = threading.Thread(target=run_until, args=(stop,))
    working.start()
    try:
        yield
        assert working.is_alive()
    finally:
        stop.set()
        working.join(PATIENCE_SECONDS)
    assert not working.is_alive()

"""The worker's loop: what takes long must not keep a refund waiting."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core import jobs
from core.models import Mark

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 30


def run_until(stop: threading.Event) -> None:
    try:
        jobs.run_forever(timezone.now, stop)
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
    worker = threading.Thread(target=run_until, args=(stop,))
    worker.start()
    assert sent.wait(PATIENCE_SECONDS)
    assert worker.is_alive()
    may_end.set()
    stop.set()
    worker.join(PATIENCE_SECONDS)
    assert not worker.is_alive()
    assert Mark.objects.filter(name="worker").exists()

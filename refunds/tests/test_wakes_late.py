"""A worker process that stood still while another did its work wakes up, sends nothing and writes nothing."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection

from bookings.models import Booking
from config.tests.test_graceful_stop import ROOT
from config.tests.waiting import PATIENCE_SECONDS, wait_until
from core.work import lease
from refunds.tests.workshop import Worker, chain_is_whole, mails, record_of, refunds_at_stripe, statement_of
from sandbox.client import Sandbox

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="it may hold SQLite's only lock"),
    pytest.mark.django_db(transaction=True),
]
STRIPE_TAKES = 3  # seconds, in which it is stopped
# Its other threads might stand still with a row locked that our worker needs.
WORKER = """
import django
django.setup()
from django.core.management import call_command
from core.work import jobs
jobs._jobs = {"refunds": jobs._jobs["refunds"]}
call_command("worker")
"""


@pytest.fixture
def process(process_environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, cwd=ROOT, env=process_environment) as running:
        try:
            yield running
        finally:
            running.kill()


def is_in_call(sandbox: Sandbox, method: str) -> bool:
    is_hit = any(rule["hits"] for rule in sandbox.faults())
    return is_hit and (method == "GET" or bool(sandbox.all("refunds")))


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/disputes"), ("POST", "/v1/refunds")])
def test_a_worker_that_stood_still_changes_nothing(
    cancelled: Booking,
    worker: Worker,
    sandbox: Sandbox,
    process: subprocess.Popen[bytes],
    method: str,
    path: str,
) -> None:
    worker.fault("late_answer", method=method, path=path, seconds=STRIPE_TAKES)
    wait_until(lambda: is_in_call(sandbox, method))
    process.send_signal(signal.SIGSTOP)
    worker.wait(lease.LEASE * 1.1)
    assert record_of(cancelled).status == "succeeded"
    told = cancelled.audit_entries.count()
    process.send_signal(signal.SIGCONT)
    process.terminate()
    assert process.wait(PATIENCE_SECONDS) == 0
    assert cancelled.audit_entries.count() == told
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1
    assert statement_of(cancelled) == [("payment", 4500), ("refund", -4500)]
    assert mails(cancelled).count("refund_sent") == 1
    assert chain_is_whole(cancelled)

"""The storm: Stripe drops answers and shuffles webhooks, workers die every few seconds, everybody cancels.

Real processes over HTTP; only the workers' lease and waits are shortened, so that it is over in a minute.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
import requests
from knox.models import AuthToken
from pytest_django.live_server_helper import LiveServer

from bookings.models import Booking, Service
from config.tests.world import WEBHOOK, Customer
from refunds.attempts import DUE
from refunds.models import RefundRecord
from refunds.tests.model.truth import check
from refunds.tests.workshop import mails, refunds_at_stripe
from sandbox.client import Sandbox

BOOKINGS, REQUESTS_EACH, WAVES, WORKERS = 20, 5, 2, 2
KILL_EVERY, CALM_AFTER, GIVE_UP_AFTER = 2.0, 6.0, 120.0

HURRIED_WORKER = """
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from core.work import lease
lease.CLAIM, lease.LEASE, lease.FIRST, lease.LONGEST = (timedelta(seconds=n) for n in (2, 3, 0.2, 2))
call_command("worker")
"""

FAULTS = {
    "answer_lost": 0.15,
    "error_after": 0.1,
    "broken_body": 0.1,
    "dropped": 0.1,
    "rate_limit": 0.1,
    "key_in_use": 0.05,
    "late_answer": 0.1,
}


@pytest.fixture
def bookings(customer: Customer, massage: Service) -> list[Booking]:
    """Paid and confirmed while the weather was fine."""
    Service.objects.update(capacity=BOOKINGS)
    booked = [customer.book(massage, starts_in=timedelta(hours=48 + n)) for n in range(BOOKINGS)]
    for booking in booked:
        customer.pay(booking)
    customer.postman.deliver("payment_intent.succeeded")
    return booked


def break_things(sandbox: Sandbox) -> None:
    for kind, probability in FAULTS.items():
        sandbox.fault(kind, path="/v1/refunds", method="POST", probability=probability, seconds=0.5)
    sandbox.fault("dropped", path="/v1/*", method="GET", probability=0.1)
    sandbox.delivery(duplicates=0.3, twins=0.2, disorder=1.5)


@contextmanager
def worker_at_work(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A worker process that has begun to look after things."""
    command = [sys.executable, "-u", "-c", HURRIED_WORKER]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "looking after" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def keep_killing(environment: dict[str, str], done: threading.Event, kills: threading.Semaphore) -> None:
    """Keep WORKERS at work, kill the oldest again and again; `kills` tells of each."""
    with ExitStack() as stack:
        workers = [stack.enter_context(worker_at_work(environment)) for _ in range(WORKERS)]
        while not done.wait(KILL_EVERY):
            workers.pop(0).kill()
            kills.release()
            workers.append(stack.enter_context(worker_at_work(environment)))


def cancel_all(bookings: list[Booking], server: str, token: str) -> list[int]:
    """Five requests for each booking, all at once; returns the statuses."""

    def cancel(booking: Booking) -> int:
        url = f"{server}/api/v1/booking/{booking.reference}/cancel/"
        return requests.post(
            url, json={}, headers={"Authorization": f"Token {token}"}, timeout=60
        ).status_code

    with ThreadPoolExecutor(2 * REQUESTS_EACH) as pool:
        return list(pool.map(cancel, [booking for booking in bookings for _ in range(REQUESTS_EACH)]))


def wait_for_calm(sandbox: Sandbox) -> None:
    started = time.monotonic()
    while RefundRecord.objects.filter(status__in=DUE).exists():
        passed = time.monotonic() - started
        if passed > CALM_AFTER:
            sandbox.clear_faults()
        assert passed < GIVE_UP_AFTER, "it never came to rest"
        time.sleep(0.2)
    sandbox.settle()
    assert sandbox.wait_delivered(GIVE_UP_AFTER)


@pytest.mark.django_db(transaction=True)
def test_in_a_storm_everybody_gets_one_refund_and_no_request_fails(
    customer: Customer,
    bookings: list[Booking],
    sandbox: Sandbox,
    live_server: LiveServer,
    process_environment: dict[str, str],
) -> None:
    sandbox.listen(live_server.url + WEBHOOK, process_environment["STRIPE_WEBHOOK_SECRET"])
    break_things(sandbox)
    token = AuthToken.objects.create(user=customer.user)[1]
    done, kills = threading.Event(), threading.Semaphore(0)
    statuses = []
    with ThreadPoolExecutor(1) as pool:
        killer = pool.submit(keep_killing, process_environment, done, kills)
        try:
            for wave in range(WAVES):
                statuses += cancel_all(bookings[wave::WAVES], live_server.url, token)
                assert kills.acquire(timeout=GIVE_UP_AFTER), "no worker was killed"
            wait_for_calm(sandbox)
        finally:
            done.set()
    killer.result()
    assert statuses == [200] * BOOKINGS * REQUESTS_EACH
    answers = {entry["answer"] for entry in sandbox.call("delivery", verb="GET")["log"]}
    assert answers == {"200"}
    for booking in bookings:
        assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [6000]
        assert mails(booking).count("refund_sent") == 1
        check(booking, sandbox)

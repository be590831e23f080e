"""The storm: Stripe drops answers and shuffles webhooks, workers die every few seconds, everybody cancels.

Real processes over HTTP; only the workers' lease and waits are shortened, so that it is over in a minute.
`make storm` has the real ones: forty seconds of it, and how long all takes to be settled once it is calm.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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

REQUESTS_EACH, WORKERS, GIVE_UP_AFTER = 5, 2, 120.0

WORKER = """
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from core.work import lease
{hurry}
call_command("worker")
"""
HURRY = (
    "lease.CLAIM, lease.LEASE, lease.FIRST, lease.LONGEST = (timedelta(seconds=n) for n in (2, 3, 0.2, 2))"
)


@dataclass(frozen=True)
class Storm:
    """Times are seconds, `settled_within` from the calm on. Each wave of cancellations is followed by a kill.

    With `calm_before` all is cancelled before it begins, so that it lasts as long on any machine.
    """

    bookings: int
    waves: int
    kill_every: float
    lasts: float
    settled_within: float
    worker: str
    calm_before: bool = False


SHORT = Storm(20, 2, 2, 6, GIVE_UP_AFTER, WORKER.format(hurry=HURRY))
LONG = Storm(60, 1, 3, 40, 60, WORKER.format(hurry=""), calm_before=True)
STORM = LONG if os.environ.get("STORM") == "long" else SHORT

FAULTS = {
    "answer_lost": 0.15,
    "error_after": 0.1,
    "broken_body": 0.1,
    "dropped": 0.1,
    "rate_limit": 0.1,
    "key_in_use": 0.05,
    "late_answer": 0.1,
}
WORSE = {
    "lock_timeout": 0.05,
    "outage": 0.1,
    "error_before": 0.1,
    "unauthorized": 0.05,
}


@pytest.fixture
def bookings(customer: Customer, massage: Service) -> list[Booking]:
    """Paid and confirmed while the weather was fine."""
    Service.objects.update(capacity=STORM.bookings)
    booked = [customer.book(massage, starts_in=timedelta(hours=48 + n)) for n in range(STORM.bookings)]
    for booking in booked:
        customer.pay(booking)
    customer.postman.deliver("payment_intent.succeeded")
    return booked


def break_things(sandbox: Sandbox) -> None:
    for kind, probability in (FAULTS | WORSE if STORM is LONG else FAULTS).items():
        sandbox.fault(kind, path="/v1/refunds", method="POST", probability=probability, seconds=0.5)
    sandbox.fault("dropped", path="/v1/*", method="GET", probability=0.1)
    sandbox.delivery(duplicates=0.3, twins=0.2, disorder=1.5)


@contextmanager
def worker_at_work(
    environment: dict[str, str], script: str = STORM.worker
) -> Iterator[subprocess.Popen[str]]:
    """A worker process that has begun to look after things."""
    command = [sys.executable, "-u", "-c", script]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "looking after" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@dataclass
class Weather:
    """Workers are killed until it is calm (the short storm: until all is done); `kills` tells of each."""

    kills: threading.Semaphore
    calm: threading.Event
    done: threading.Event

    def keep_killing(self, environment: dict[str, str]) -> None:
        """Keep WORKERS at work, kill the oldest again and again."""
        with ExitStack() as stack:
            workers = [stack.enter_context(worker_at_work(environment)) for _ in range(WORKERS)]
            while not self.done.wait(STORM.kill_every):
                if not self.calm.is_set():
                    workers.pop(0).kill()
                    self.kills.release()
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


def wait_for_calm(sandbox: Sandbox, until: float, calm: threading.Event) -> None:
    """The storm goes on until then; after it all is settled in its time."""
    over = max(until, time.monotonic())
    while RefundRecord.objects.filter(status__in=DUE).exists():
        passed = time.monotonic() - over
        if passed > 0:
            sandbox.clear_faults()
            if STORM is LONG:
                calm.set()
        assert passed < STORM.settled_within, "it never came to rest"
        time.sleep(0.2)
    sys.stdout.write(f"settled {time.monotonic() - over:.0f} s after the storm\n")
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
    weather = Weather(threading.Semaphore(0), threading.Event(), threading.Event())
    statuses = []
    with ThreadPoolExecutor(1) as pool:
        if STORM.calm_before:
            statuses += cancel_all(bookings, live_server.url, token)
        killer = pool.submit(weather.keep_killing, process_environment)
        try:
            for wave in range(STORM.waves):
                if not STORM.calm_before:
                    statuses += cancel_all(bookings[wave :: STORM.waves], live_server.url, token)
                assert weather.kills.acquire(timeout=GIVE_UP_AFTER), "no worker was killed"
            wait_for_calm(sandbox, time.monotonic() + STORM.lasts, weather.calm)
        finally:
            weather.done.set()
    killer.result()
    assert statuses == [200] * STORM.bookings * REQUESTS_EACH
    answers = {entry["answer"] for entry in sandbox.call("delivery", verb="GET")["log"]}
    assert answers == {"200"}
    for booking in bookings:
        assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [6000]
        assert mails(booking).count("refund_sent") == 1
        check(booking, sandbox)

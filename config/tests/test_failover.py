"""The database goes away in every way while everybody cancels: site and workers follow, nothing is lost.

Two real PostgreSQL servers, gunicorn and workers as processes: the primary is killed, the replica promoted.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

import pytest
import requests
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from bookings.models import Booking, Service
from config import database
from config.tests.pair import WAITS_FOR_REPLICA, Pair, free_port, pair_of
from config.tests.test_graceful_stop import ROOT
from config.tests.waiting import wait_until
from config.tests.world import WEBHOOK, Customer
from conftest import lacking
from refunds.attempts import DUE
from refunds.models import RefundRecord
from refunds.tests.model.truth import check
from refunds.tests.test_storm import SHORT, worker_at_work
from refunds.tests.workshop import mails, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file, and never away")

BOOKINGS, GIVE_UP_SECONDS, STREAK = 12, 180.0, 5
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND pid <> "
TERMINATE += "pg_backend_pid() AND backend_type = 'client backend'"


@pytest.fixture
def pair(db: None) -> Iterator[Pair]:
    """The pair, in the place of the tests' own server: what is asked for after this is made there."""
    folder, before = connection.settings_dict["OPTIONS"].get("host"), connections["default"]
    if folder is None:
        lacking("A PostgreSQL of the tests' own")
    found = pair_of(folder, str(connection.settings_dict["NAME"]))
    settings = database.settings_for(found.url, base=ROOT, conn_max_age=0, pool_size=0)
    connections["default"] = ConnectionHandler({"default": settings})["default"]
    try:
        yield found
    finally:
        connections["default"].close()
        connections["default"] = before
        found.replica.stop()


@dataclass
class Site:
    """A gunicorn, and the phones that ask it until they get an answer."""

    address: str
    statuses: list[int] = field(default_factory=list)

    def cancel(self, booking: Booking, headers: dict[str, str]) -> None:
        """Ask as often as we are told to come back."""
        url, until = (
            f"{self.address}/api/v1/booking/{booking.reference}/cancel/",
            time.monotonic() + GIVE_UP_SECONDS,
        )
        while time.monotonic() < until:
            answer = requests.post(url, json={}, headers=headers, timeout=60)
            self.statuses.append(answer.status_code)
            if answer.status_code != 503:
                return
            assert int(answer.headers["Retry-After"]) > 0
            time.sleep(0.5)

    def readiness(self) -> int:
        try:
            return requests.get(f"{self.address}/readyz", timeout=60).status_code
        except requests.ConnectionError:
            return 0

    def settles_at(self, status: int) -> None:
        """Ready or not: it says so soon, and while nobody brings the database back it says nothing else."""
        streak = 0

        def says_so() -> bool:
            nonlocal streak
            streak = streak + 1 if self.readiness() == status else 0
            return streak == STREAK

        wait_until(says_so)
        if status == 503:
            assert {self.readiness() for _ in range(STREAK)} == {503}


@contextmanager
def site_at_work(environment: dict[str, str]) -> Iterator[Site]:
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py", "--bind", address]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            site = Site(f"http://{address}")
            site.settles_at(200)
            yield site
        finally:
            process.terminate()


def everything_happens_to(pair: Pair, site: Site, wave: Callable[[], None]) -> None:
    """Each trouble comes while a wave of cancellations is under way."""
    read_only = f'ALTER DATABASE "{pair.primary.name}" SET default_transaction_read_only = '
    wave()
    pair.primary.ask(TERMINATE)
    site.settles_at(200)
    wave()
    pair.primary.ask(read_only + "on")
    pair.primary.ask(TERMINATE, "postgres")
    site.settles_at(503)
    pair.primary.ask(read_only + "off", "postgres")
    site.settles_at(200)
    wave()
    pair.primary.stop()
    site.settles_at(503)
    pair.primary.begin(WAITS_FOR_REPLICA)
    site.settles_at(200)
    wave()
    pair.primary.kill()
    site.settles_at(503)
    pair.replica.promote()
    site.settles_at(200)


def settled(*, within: float) -> None:
    connections["default"].close()
    until = time.monotonic() + within
    while RefundRecord.objects.filter(status__in=DUE).exists():
        assert time.monotonic() < until, "it never came to rest"
        time.sleep(0.2)


def test_site_and_workers_follow_a_database_that_goes_away_and_nothing_is_lost_or_doubled(
    pair: Pair, customer: Customer, massage: Service, sandbox: Sandbox, process_environment: dict[str, str]
) -> None:
    Service.objects.update(capacity=BOOKINGS)
    booked = [customer.book_and_pay(massage, starts_in=timedelta(hours=48 + n)) for n in range(BOOKINGS)]
    to_come = iter(booked)
    environment = process_environment | {"DATABASE_URL": pair.url}
    with ExitStack() as stack:
        site = stack.enter_context(site_at_work(environment))
        for _ in range(2):
            stack.enter_context(worker_at_work(environment, SHORT.worker))
        sandbox.listen(site.address + WEBHOOK, environment["STRIPE_WEBHOOK_SECRET"])
        pool = stack.enter_context(ThreadPoolExecutor(2 * BOOKINGS))
        phones: list[Future[None]] = []

        def wave() -> None:
            for booking in islice(to_come, BOOKINGS // 4):
                phones.extend(pool.submit(site.cancel, booking, customer.headers) for _ in range(2))

        everything_happens_to(pair, site, wave)
        for phone in phones:
            phone.result(GIVE_UP_SECONDS)
        settled(within=GIVE_UP_SECONDS)
        sandbox.settle()
        assert sandbox.wait_delivered(GIVE_UP_SECONDS)
    assert set(site.statuses) <= {200, 503}
    assert site.statuses.count(200) == 2 * BOOKINGS
    for booking in booked:
        assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [6000]
        assert mails(booking).count("refund_sent") == 1
        check(booking, sandbox)

"""A site under attack goes on serving: probes within a second, customers as ever, and no 5xx but meant ones.

A real gunicorn with its usual settings, attacked from sockets.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from bookings.models import Booking, Service
from config.tests import attacks
from config.tests.attacks import Site, keeps_on, request, slow_clients, timed
from config.tests.odd_stripe import OddStripe, odd_stripe
from config.tests.waiting import wait_until
from config.tests.world import Customer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]
SECONDS, PROBE_SECONDS, CUSTOMER_SECONDS = 3.0, 1.0, 3.0
FROM_ELSEWHERE = "127.0.0.2"


@pytest.fixture
def odd() -> Iterator[OddStripe]:
    with odd_stripe() as stripe:
        yield stripe


@pytest.fixture
def environment(
    customer: Customer, service: Service, odd: OddStripe, process_environment: dict[str, str]
) -> dict[str, str]:
    return process_environment | {
        "STRIPE_API_BASE": odd.base_url,
        "THROTTLE_ANONYMOUS": "100000/min",
        "THROTTLE_SIGN_IN_ADDRESS": "100000/min",
    }


@pytest.fixture
def site(customer: Customer, environment: dict[str, str]) -> Iterator[Site]:
    with serving(customer, environment) as found:
        yield found


@contextmanager
def serving(customer: Customer, environment: dict[str, str]) -> Iterator[Site]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            found = Site(("127.0.0.1", port), customer.headers["Authorization"])
            wait_until(lambda: _is_up(found))
            found.calm_seconds = slowest(partial(probe, found), seconds=0.5)
            yield found
        finally:
            process.terminate()


def _is_up(site: Site) -> bool:
    try:
        return site.ask(request("GET", "/healthz", {}))[0] == 200
    except OSError:
        return False


def probe(site: Site) -> int:
    return site.ask(request("GET", "/healthz", {}))[0]


def other_customer(site: Site) -> int:
    """Somebody else looks at their bookings, from another address than the attacker's."""
    with requests.Session() as session:
        session.mount("http://", Elsewhere())
        url = f"http://{site.address[0]}:{site.address[1]}/api/v1/booking/"
        return session.get(url, headers={"Authorization": site.token}, timeout=20).status_code


class Elsewhere(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, source_address=(FROM_ELSEWHERE, 0), **kwargs)  # type: ignore[arg-type]


def serves(site: Site, *, seconds: float = SECONDS) -> None:
    """Everybody else is served while this goes on."""
    for ask, most in ((probe, PROBE_SECONDS), (other_customer, CUSTOMER_SECONDS)):
        assert slowest(partial(ask, site), seconds=seconds / 2) < site.at_most(most)
    meant = {status for status in site.statuses if status >= 500}
    assert meant <= {503}


def slowest(ask: Callable[[], int], *, seconds: float) -> float:
    """The longest that an answer took; each has to be 200."""
    answers = timed(ask, seconds=seconds)
    assert {status for status, _ in answers} == {200}
    return max(took for _, took in answers)


@pytest.mark.parametrize("how", attacks.SLOW, ids=lambda how: how.__name__)
def test_clients_that_take_their_time_cost_nobody_else_any(how: Callable[[Site], bytes], site: Site) -> None:
    with slow_clients(site, how, 300):
        serves(site)


def test_odd_headers_are_refused_or_let_be_and_move_no_page(site: Site) -> None:
    for address in attacks.ADDRESSES:
        for name, value in attacks.ODD_HEADERS.items():
            status, answer = site.ask(request("GET", address, {name: value}))
            assert 200 <= status < 500, (address, name, status)
            assert b"elsewhere" not in answer.lower()
    many = {f"X-Header-{number}": "x" for number in range(500)}
    for headers in (many, {"X-Large": "x" * 40_000}, {"X-Large": "x" * 8_000}):
        assert 200 <= site.ask(request("GET", "/healthz", headers))[0] < 500


def test_headers_that_are_hard_to_read_cost_nobody_else_any_time(site: Site) -> None:
    hard = [
        partial(site.attack, request("GET", "/api/v1/nowhere/" + "a" * 4000, {name: "a" * 7_500}))
        for name in ("X-Request-ID", "User-Agent", "Accept", "Cookie", "Host", "Authorization")
    ]
    with keeps_on(hard, at_once=16):
        serves(site)


def test_bodies_that_are_large_deep_or_odd_cost_nobody_else_any_time(site: Site) -> None:
    odd_bodies = [
        partial(site.attack, request("POST", address, {"Content-Type": kind}, body))
        for kind, body in attacks.BODIES.values()
        for address in ("/admin/login/", "/api/v1/auth/token/", "/", "/api/v1/payment/webhook/")
    ]
    with keeps_on(odd_bodies, at_once=8):
        serves(site)
    assert site.statuses


def paying_while_stripe_hangs(
    site: Site, odd: OddStripe, booking: Booking, *, is_silent: bool
) -> Callable[[], None]:
    odd.says(200, "{" + " " * 100_000)
    odd.is_silent, odd.pause = is_silent, 0.2
    body = json.dumps({"booking_reference": booking.reference}).encode()
    headers = {"Authorization": site.token, "Content-Type": "application/json"}
    return partial(site.attack, request("POST", "/api/v1/payment/", headers, body))


@pytest.mark.parametrize("how", ["silent", "dripping"])
def test_while_stripe_hangs_only_those_who_pay_wait_and_not_for_long(
    how: str, site: Site, odd: OddStripe, customer: Customer, service: Service
) -> None:
    pay = paying_while_stripe_hangs(site, odd, customer.book(service), is_silent=how == "silent")
    with keeps_on([pay], at_once=10):
        serves(site, seconds=6)
    assert set(site.statuses) == {503}


def test_a_client_that_opens_hundreds_of_connections_keeps_nobody_out(site: Site) -> None:
    with slow_clients(site, attacks.silent, 900):
        took = slowest(partial(other_customer, site), seconds=SECONDS)
    assert took < site.at_most(CUSTOMER_SECONDS)


def test_an_address_that_waits_at_all_its_places_is_still_told_how_we_are(
    odd: OddStripe, customer: Customer, service: Service, environment: dict[str, str]
) -> None:
    with serving(customer, environment | {"CLIENT_CONNECTIONS": "2"}) as site:
        pay = paying_while_stripe_hangs(site, odd, customer.book(service), is_silent=True)
        with keeps_on([pay], at_once=16):
            wait_until(lambda: 0 in site.statuses)
            took = slowest(partial(probe, site), seconds=SECONDS / 2)
    assert took < site.at_most(PROBE_SECONDS)
    assert set(site.statuses) <= {0, 503}

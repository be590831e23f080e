"""SIGTERM in the middle of things, to a real server and a real worker: what is in hand is finished."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from bookings.models import Booking, Service
from config.tests.waiting import PATIENCE_SECONDS, wait_until
from config.tests.world import Customer
from payments.models import Payment
from refunds.models import RefundRecord
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]
STRIPE_TAKES = 3  # seconds: SIGTERM comes while it is at work


@contextmanager
def process(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def test_a_worker_ends_the_refund_it_has_in_hand(
    paid: Booking, customer: Customer, sandbox: Sandbox, process_environment: dict[str, str]
) -> None:
    customer.cancel(paid)
    sandbox.fault("late_answer", method="POST", path="/v1/refunds", seconds=STRIPE_TAKES)
    with process(process_environment, "manage.py", "worker") as worker:
        wait_until(lambda: sandbox.all("refunds"))
        assert RefundRecord.objects.get().status == "sending"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert RefundRecord.objects.get().status == "succeeded"


def test_the_site_answers_the_request_it_has_in_hand(
    customer: Customer, service: Service, sandbox: Sandbox, process_environment: dict[str, str]
) -> None:
    booking = customer.book(service)
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{chosen.getsockname()[1]}"
    serve = ("-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py", "--bind", address)
    with process(process_environment | {"WEB_PROCESSES": "1"}, *serve) as site:
        wait_until(lambda: answers(address))
        sandbox.fault("late_answer", path="/v1/payment_intents", seconds=STRIPE_TAKES)
        sheets: list[requests.Response] = []
        asking = threading.Thread(target=lambda: sheets.append(sheet(address, customer, booking)))
        asking.start()
        wait_until(lambda: sandbox.all("payment_intents"))
        site.send_signal(signal.SIGTERM)
        assert site.wait(PATIENCE_SECONDS) == 0
        asking.join()
    assert sheets[0].status_code == 200
    intent = Payment.objects.get().stripe_payment_intent_id
    assert sheets[0].json()["paymentIntent"].startswith(f"{intent}_secret_")


def answers(address: str) -> bool:
    try:
        return requests.get(f"http://{address}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def sheet(address: str, customer: Customer, booking: Booking) -> requests.Response:
    body = {"booking_reference": booking.reference}
    url = f"http://{address}/api/v1/payment/"
    return requests.post(url, json=body, headers=customer.headers, timeout=PATIENCE_SECONDS)

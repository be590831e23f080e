"""The whole way over HTTP: booked, paid, confirmed, cancelled, sent back."""

import subprocess
import sys

import pytest

from bookings.models import Booking, Service
from config.tests.world import TOO_LATE, Customer, run_workers
from sandbox.client import Sandbox


def test_cancelled_in_time_everything_comes_back_once(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    assert paid.status == "confirmed"
    assert customer.cancel(paid)["refund"]["amount"] == 4500
    run_workers()
    customer.postman.deliver()
    status = customer.refund_status(paid)
    assert (status["status"], status["paid"], status["refunded"]) == ("succeeded", 4500, 4500)
    assert [refund["amount"] for refund in sandbox.all("refunds")] == [4500]
    assert [line.amount for line in paid.transactions.order_by("id")] == [4500, -4500]


def test_cancelled_too_late_nothing_comes_back_and_the_receipt_says_why(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book_and_pay(service, starts_in=TOO_LATE)
    answer = customer.cancel(booking)
    run_workers()
    assert answer["refund"]["amount"] == 0
    assert "too late" in answer["refund"]["explanation"]
    assert customer.refund_status(booking)["status"] == "not_due"
    assert sandbox.all("refunds") == []


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_same_database(paid: Booking, process_environment: dict[str, str]) -> None:
    look = "from bookings.models import Booking; print(Booking.objects.get().reference)"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", look]
    seen = subprocess.run(command, env=process_environment, capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == paid.reference

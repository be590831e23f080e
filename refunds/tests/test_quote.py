"""The quote: what cancelling now would give back, and why; it changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bookings.models import Booking, BookingStatus, Service
from config.tests.world import TOO_LATE, Customer
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def quote(customer: Customer, booking: Booking) -> dict[str, object]:
    return customer.get(f"booking/{booking.reference}/cancel/")


def test_the_quote_answers_as_the_contract_says(customer: Customer, paid: Booking) -> None:
    with freeze_time(paid.starts_at - timedelta(hours=26)):
        answer = quote(customer, paid)
    assert answer == {
        "booking_reference": paid.reference,
        "cancellable": True,
        "refund": {
            "amount": 4500,
            "currency": "gbp",
            "rule": "in_time",
            "explanation": "You are cancelling 26 hours before your appointment. "
            "That is at least 12 hours ahead, so you get £45.00 back.",
        },
        "refundable_until": f"{paid.starts_at - timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ}",
        "server_time": f"{paid.starts_at - timedelta(hours=26):%Y-%m-%dT%H:%M:%SZ}",
    }


@pytest.mark.parametrize(
    ("ahead", "amount", "words"),
    [
        (timedelta(hours=12), 4500, "12 hours before"),
        (timedelta(hours=12) - timedelta(microseconds=1), 0, "11 hours 59 minutes before"),
        (timedelta(minutes=61), 0, "1 hour 1 minute before"),
        (timedelta(seconds=59), 0, "0 minutes before"),
    ],
)
def test_the_limit_is_exact_and_time_is_never_rounded_up(
    customer: Customer, paid: Booking, ahead: timedelta, amount: int, words: str
) -> None:
    with freeze_time(paid.starts_at - ahead):
        refund = customer.get(f"booking/{paid.reference}/cancel/")["refund"]
    assert refund["amount"] == amount
    assert words in refund["explanation"]
    assert ("too late" in refund["explanation"]) == (amount == 0)


def test_asking_changes_nothing(customer: Customer, paid: Booking) -> None:
    told = paid.audit_entries.count()
    quote(customer, paid)
    paid.refresh_from_db()
    assert (paid.status, paid.audit_entries.count(), paid.refunds.count()) == ("confirmed", told, 0)


def test_an_unpaid_booking_can_be_cancelled_for_nothing(customer: Customer, service: Service) -> None:
    answer = customer.get(f"booking/{customer.book(service).reference}/cancel/")
    assert answer["cancellable"] is True
    assert (answer["refund"]["amount"], answer["refund"]["rule"]) == (0, "nothing_paid")


@pytest.mark.parametrize("status", [BookingStatus.EXPIRED, BookingStatus.COMPLETED, BookingStatus.CANCELLED])
def test_what_is_over_is_quoted_as_not_cancellable(customer: Customer, paid: Booking, status: str) -> None:
    Booking.objects.update(status=status, cancelled_at=timezone.now())
    assert customer.get(f"booking/{paid.reference}/cancel/")["cancellable"] is False


def test_what_has_started_is_quoted_as_not_cancellable(customer: Customer, paid: Booking) -> None:
    with freeze_time(paid.starts_at):
        answer = customer.get(f"booking/{paid.reference}/cancel/")
    assert (answer["cancellable"], answer["refund"]["amount"]) == (False, 0)
    assert "already started" in answer["refund"]["explanation"]


def test_what_was_refunded_at_stripe_is_no_longer_offered(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1500)
    customer.postman.deliver("refund.created")
    assert customer.get(f"booking/{paid.reference}/cancel/")["refund"]["amount"] == 3000


def test_the_quote_and_the_cancellation_say_the_same(customer: Customer, service: Service) -> None:
    for starts_in in (timedelta(hours=48), TOO_LATE):
        booking = customer.book_and_pay(service, starts_in=starts_in)
        with freeze_time(timezone.now()):
            quoted = customer.get(f"booking/{booking.reference}/cancel/")["refund"]
            refund = customer.cancel(booking, expected_refund=quoted["amount"])["refund"]
        assert {name: refund[name] for name in quoted} == quoted

"""Cancelling over HTTP: the slot is freed, what is owed is written down, and twice is once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bookings.models import Booking, BookingStatus, Service
from config.tests.world import TOO_LATE, Customer, run_workers
from refunds import policy
from refunds.models import RefundRecord, RefundRule
from refunds.tests.workshop import intent_of, record_of, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def refused(customer: Customer, booking: Booking, body: Any) -> tuple[int, dict[str, Any]]:
    response = customer.api.post(f"/api/v1/booking/{booking.reference}/cancel/", body)
    return response.status_code, dict(response.json())


def test_in_time_the_answer_tells_the_booking_and_its_refund(customer: Customer, paid: Booking) -> None:
    answer = customer.cancel(paid, reason="I am ill")
    record = record_of(paid)
    assert (answer["booking"]["status"], answer["booking"]["reference"]) == ("cancelled", paid.reference)
    assert answer["booking"]["cancelled_at"].endswith("Z")
    assert answer["refund"]["id"] == str(record.pk)
    assert answer["refund"]["settled_at"] is None
    assert {name: answer["refund"][name] for name in ("amount", "currency", "status", "rule")} == {
        "amount": 4500,
        "currency": "gbp",
        "status": "queued",
        "rule": "in_time",
    }
    assert answer["refund"]["message"] == "We are sending £45.00 back to your card."
    assert (record.requested_by, record.reason) == (f"customer:{customer.user.pk}", "I am ill")


def test_again_it_is_the_same_answer_and_no_second_refund(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    first = customer.cancel(paid)
    assert customer.cancel(paid) == first
    run_workers()
    again = customer.cancel(paid, expected_refund=1)
    assert (again["refund"]["id"], again["refund"]["status"]) == (first["refund"]["id"], "succeeded")
    assert again["booking"] == first["booking"]
    assert len(refunds_at_stripe(sandbox, paid)) == 1


def test_too_late_there_is_a_receipt_and_no_refund(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book_and_pay(service, starts_in=TOO_LATE)
    refund = customer.cancel(booking)["refund"]
    run_workers()
    assert (refund["amount"], refund["status"], refund["rule"]) == (0, "not_due", "too_late")
    assert "too late" in refund["explanation"]
    assert refunds_at_stripe(sandbox, booking) == []
    assert policy.replay(record_of(booking).decision) == policy.Decision(0, RefundRule.TOO_LATE)


def test_the_receipt_holds_every_input_and_replays(customer: Customer, paid: Booking) -> None:
    customer.cancel(paid)
    decision = record_of(paid).decision
    inputs = decision["inputs"]
    assert set(inputs) == {
        "starts_at",
        "refund_notice",
        "refundable_until",
        "paid",
        "refundable",
        "by_business",
        "now",
    }
    assert (inputs["refund_notice"], inputs["paid"], inputs["refundable"]) == (12 * 3600, 4500, 4500)
    assert policy.replay(decision).amount == decision["amount"] == 4500


def test_the_terms_agreed_when_booking_decide_and_not_todays(
    customer: Customer, paid: Booking, settings: Any
) -> None:
    settings.REFUND_NOTICE = timedelta(days=30)
    assert customer.cancel(paid)["refund"]["rule"] == "in_time"


def test_unpaid_there_is_nothing_to_give_back_and_no_record(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    answer = customer.cancel(booking)
    assert answer["booking"]["status"] == "cancelled"
    assert (answer["refund"]["amount"], answer["refund"]["rule"]) == (0, "nothing_paid")
    assert customer.cancel(booking) == answer
    assert not RefundRecord.objects.exists()


def test_another_refund_than_expected_cancels_nothing_and_shows_the_new_quote(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1500)
    customer.postman.deliver("refund.created")
    status, problem = refused(customer, paid, {"expected_refund": 4500})
    assert (status, problem["code"], problem["quote"]["refund"]["amount"]) == (409, "refund_changed", 3000)
    assert problem["quote"]["booking_reference"] == paid.reference
    paid.refresh_from_db()
    assert (paid.status, paid.refunds.exclude(rule="dashboard").count()) == ("confirmed", 0)
    assert customer.cancel(paid, expected_refund=3000)["refund"]["amount"] == 3000


def test_a_quote_that_ran_out_meanwhile_cancels_nothing(customer: Customer, paid: Booking) -> None:
    with freeze_time(paid.starts_at - timedelta(hours=12) + timedelta(microseconds=1)):
        status, problem = refused(customer, paid, {"expected_refund": 4500})
    assert (status, problem["code"], problem["quote"]["refund"]["amount"]) == (409, "refund_changed", 0)


def test_everything_refunded_before_leaves_nothing_and_is_not_called_too_late(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(paid))
    customer.postman.deliver("refund.created")
    refund = customer.cancel(paid)["refund"]
    assert (refund["amount"], refund["status"], refund["rule"]) == (0, "not_due", "in_time")
    assert refund["message"] == refund["explanation"] == "Everything you paid had already been given back."
    assert customer.refund_status(paid)["status"] == "succeeded"


@pytest.mark.parametrize("status", [BookingStatus.EXPIRED, BookingStatus.COMPLETED])
def test_what_is_over_cannot_be_cancelled(customer: Customer, paid: Booking, status: str) -> None:
    Booking.objects.update(status=status)
    assert refused(customer, paid, {})[1]["code"] == "not_cancellable"


def test_what_has_started_cannot_be_cancelled(customer: Customer, paid: Booking) -> None:
    now = timezone.now()
    Booking.objects.update(starts_at=now, ends_at=now + timedelta(hours=1))
    status, problem = refused(customer, paid, {})
    assert (status, problem["code"]) == (409, "already_started")
    paid.refresh_from_db()
    assert paid.status == "confirmed"


@pytest.mark.parametrize(
    "body",
    [
        [],
        "cancel",
        {"expected_refund": "all"},
        {"expected_refund": -1},
        {"expected_refund": 1.5},
        {"expected_refund": None},
        {"expected_refund": 10**30},
        {"reason": ["a"]},
        {"reason": "x" * 501},
        {"reason": "a\u0000b"},
    ],
)
def test_a_request_that_makes_no_sense_cancels_nothing(customer: Customer, paid: Booking, body: Any) -> None:
    status, problem = refused(customer, paid, body)
    assert (status, problem["code"]) == (400, "invalid")
    paid.refresh_from_db()
    assert paid.status == "confirmed"

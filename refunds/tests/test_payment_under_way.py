"""A bank debit takes days: what is said of it meanwhile, and what becomes of it when it is over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from freezegun import freeze_time

from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from refunds.tests.workshop import mails, refunds_at_stripe
from sandbox.client import Sandbox

DEBIT = "pm_usBankAccount_success"
PROCESSED = "being processed"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def processing(customer: Customer, service: Service, postman: Postman) -> Booking:
    booking = customer.book(service)
    customer.pay(booking, DEBIT)
    postman.deliver()
    assert booking.payments.get().status == "processing"
    return booking


def test_nobody_is_told_to_book_again_or_that_nothing_was_paid(
    customer: Customer, processing: Booking
) -> None:
    Booking.objects.update(hold_expires_at=timezone.now() - timedelta(hours=1))
    refused = customer.post("payment/", {"booking_reference": processing.reference}, status=409)
    assert (refused["code"], PROCESSED in refused["detail"]) == ("not_payable", True)
    quote = customer.get(f"booking/{processing.reference}/cancel/")["refund"]
    assert (quote["amount"], quote["rule"]) == (0, "nothing_paid")
    assert "If you cancel now, all of it goes back" in quote["explanation"]
    standing = customer.refund_status(processing)
    assert (standing["status"], PROCESSED in standing["message"]) == ("none", True)


def test_the_sheet_hears_of_it_before_the_webhook(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    customer.pay(booking, DEBIT)
    refused = customer.post("payment/", {"booking_reference": booking.reference}, status=409)
    assert PROCESSED in refused["detail"]
    assert booking.payments.get().status == "processing"


def test_cancelled_meanwhile_all_of_it_goes_back_once_it_arrives(
    customer: Customer, processing: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    refund = customer.cancel(processing)["refund"]
    assert "All of it goes back to you once it has arrived" in refund["message"]
    standing = customer.refund_status(processing)
    assert (standing["status"], PROCESSED in standing["message"]) == ("in_progress", True)
    run_workers()
    assert PROCESSED in str(mail.outbox[-1].body)
    sandbox.settle()
    postman.deliver()
    run_workers()
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, processing)] == [4500]
    assert "payment_returned" in mails(processing)
    assert "card" not in customer.refund_status(processing)["message"]


def test_a_debit_that_settles_after_the_appointment_began_goes_back(
    customer: Customer, processing: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    Booking.objects.update(starts_at=timezone.now() - timedelta(days=2))
    sandbox.settle()
    postman.deliver()
    run_workers()
    processing.refresh_from_db()
    assert processing.payments.get().orphaned
    assert processing.status != "confirmed"
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, processing)] == [4500]


def test_a_card_that_paid_before_it_began_stands_however_late_we_hear_of_it(
    customer: Customer, service: Service, postman: Postman
) -> None:
    booking = customer.book(service, starts_in=timedelta(minutes=1))
    customer.pay(booking)
    with freeze_time(timezone.now() + timedelta(minutes=4), tick=True):
        postman.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"

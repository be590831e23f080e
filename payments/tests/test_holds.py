"""Unpaid bookings run out, but Stripe is asked first (CASES 13)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Service
from config.tests.world import Customer, Postman
from payments import gateway, holds
from payments.models import Payment
from sandbox.client import Sandbox


def later(minutes: float) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def expire(minutes: int = 16) -> None:
    holds.expire_due(lambda: later(minutes))


def status_of(booking: Booking) -> str:
    return str(Booking.objects.get(pk=booking.pk).status)


def test_an_unpaid_booking_expires_and_can_no_longer_be_paid_at_stripe(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    intent = customer.open_sheet(booking)
    expire()
    assert status_of(booking) == "expired"
    assert booking.payments.get().status == "canceled"
    assert sandbox.pay(intent)["error"] is not None


def test_a_booking_whose_sheet_was_never_opened_expires(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    expire()
    assert status_of(booking) == "expired"


def test_a_hold_that_has_not_run_out_stays(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    expire(14)
    assert status_of(booking) == "pending_payment"


def test_after_days_without_webhooks_a_paid_booking_is_confirmed_and_not_expired(
    customer: Customer, service: Service, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    postman.lose()
    expire(3 * 24 * 60)
    assert status_of(booking) == "confirmed"
    assert [line.amount for line in booking.transactions.all()] == [4500]


def test_while_stripe_cannot_be_asked_nothing_expires(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    sandbox.fault("outage", path="/v1/payment_intents*", should_retry=False)
    expire(60)
    assert status_of(booking) == "pending_payment"
    sandbox.clear_faults()
    expire(61)
    assert status_of(booking) == "confirmed"


def test_during_an_outage_the_worker_does_not_wait_for_every_hold(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    for hours in range(48, 58, 2):
        customer.open_sheet(customer.book(service, starts_in=timedelta(hours=hours)))
    customer.open_sheet(customer.book(service, starts_in=timedelta(hours=60)))
    sandbox.fault("outage", should_retry=False)
    before = sandbox.stats()["requests"]
    expire()
    assert sandbox.stats()["requests"] - before == holds.SWEEP.most_troubles


def test_while_the_bank_is_at_it_the_slot_is_kept_and_in_the_end_it_is_confirmed(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_usBankAccount_success")
    expire()
    assert status_of(booking) == "pending_payment"
    assert booking.payments.get().status == "processing"
    sandbox.settle()
    expire(17)
    assert status_of(booking) == "confirmed"


def test_a_bank_that_refuses_in_the_end_lets_the_hold_expire(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_usBankAccount_insufficientFunds")
    expire()
    sandbox.settle()
    expire(17)
    assert status_of(booking) == "expired"


def test_paid_in_the_moment_it_was_to_be_cancelled_the_payment_counts(
    customer: Customer, service: Service, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = customer.book(service)
    intent = customer.open_sheet(booking)
    ask = gateway.retrieve_intent

    def ask_then_pay(named: str) -> gateway.Answer:
        answer = ask(named)
        sandbox.pay(intent)
        monkeypatch.setattr(gateway, "retrieve_intent", ask)
        return answer

    monkeypatch.setattr(gateway, "retrieve_intent", ask_then_pay)
    expire()
    assert status_of(booking) == "confirmed"


def test_an_intent_whose_id_was_never_saved_is_found_by_our_mark(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    intent = customer.pay(booking)
    Payment.objects.filter(booking=booking).update(stripe_payment_intent_id=None)
    expire()
    assert status_of(booking) == "confirmed"
    assert booking.payments.get().stripe_payment_intent_id == intent


def test_a_payment_that_never_reached_stripe_is_closed(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    payment = Payment.objects.create(booking=booking, amount=4500, currency="gbp")
    expire()
    payment.refresh_from_db()
    assert (status_of(booking), payment.status) == ("expired", "canceled")


def test_a_cancelled_bookings_open_payment_is_closed_at_stripe(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    intent = customer.open_sheet(booking)
    customer.cancel(booking)
    expire(1)
    assert sandbox.all("payment_intents", id=intent)[0]["status"] == "canceled"
    assert booking.payments.get().status == "canceled"
    assert status_of(booking) == "cancelled"


def test_payments_that_stripe_does_not_know_keep_no_other_slot(customer: Customer, db: None) -> None:
    service = Service.objects.create(
        name="Class", duration=timedelta(hours=1), price=4500, currency="gbp", capacity=100
    )
    bookings = [customer.book(service, starts_in=timedelta(hours=48 + hour)) for hour in range(6)]
    for booking in bookings[:5]:
        customer.open_sheet(booking)
        Payment.objects.filter(booking=booking).update(stripe_payment_intent_id=f"pi_{booking.pk}")
    expire()
    assert [status_of(booking) for booking in bookings[4:]] == ["pending_payment", "expired"]


def test_a_payment_first_heard_of_here_counts_from_when_it_was_made(
    customer: Customer, service: Service
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    expire(24 * 60)
    at = booking.transactions.get().occurred_at
    assert (booking.payments.get().paid_at, at < later(1)) == (at, True)

"""Stripe, or something in its place, answers oddly, slowly or not at all: never a 500, never for long."""

import json
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from bookings.models import Booking, Service
from config.tests.odd_stripe import OddStripe, odd_stripe
from config.tests.racing import at_once
from config.tests.world import Customer
from payments import gateway
from payments.gateway import deadline

pytestmark = pytest.mark.once

INTENT = {"object": "payment_intent", "id": "pi_1", "status": "requires_payment_method"}
ODD_ANSWERS = {
    "no JSON": (200, "<html>Welcome to the hotel's network</html>"),
    "half a JSON": (200, '{"id": "pi_1", '),
    "a list": (200, "[]"),
    "a number": (200, "7"),
    "null": (200, "null"),
    "an empty body": (200, ""),
    "an empty object": (200, "{}"),
    "another object": (200, json.dumps({"object": "list", "data": [], "has_more": False})),
    "fields that are missing": (200, json.dumps(INTENT)),
    "fields of another type": (200, json.dumps({**INTENT, "amount": "4500", "currency": None})),
    "an error that is none": (400, '{"error": 7}'),
    "an odd status": (299, json.dumps(INTENT)),
}
# What ends after a second here; without an end it would take 20 and more.
BUSY_MACHINE_SECONDS = 10


@pytest.fixture
def odd(settings: Settings) -> Iterator[OddStripe]:
    with odd_stripe() as stripe:
        settings.STRIPE_API_BASE = stripe.base_url
        gateway.client.cache_clear()
        yield stripe
    gateway.client.cache_clear()


@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_an_answer_that_cannot_be_used_leaves_it_unclear(name: str, odd: OddStripe) -> None:
    odd.says(*ODD_ANSWERS[name], "Stripe-Should-Retry: false")
    with pytest.raises(gateway.Unclear):
        gateway.retrieve_intent("pi_1")


def test_nobody_is_sent_elsewhere(odd: OddStripe) -> None:
    odd.says(302, "", "Location: http://127.0.0.1:9/", "Stripe-Should-Retry: false")
    with pytest.raises(gateway.Unclear):
        gateway.retrieve_intent("pi_1")
    assert odd.asked == 1


def test_a_page_that_is_none_leaves_it_unclear(odd: OddStripe) -> None:
    odd.says(200, json.dumps({"object": "list", "data": [{"object": "refund", "id": "re_1"}]}))
    with pytest.raises(gateway.Unclear):
        gateway.refunds_of("pi_1")
    with pytest.raises(gateway.Unclear):
        next(gateway.refund_pages(0, 1))


@pytest.mark.parametrize("what", ["head", "body"])
def test_an_answer_that_drips_ends_with_the_calls_time(
    what: str, odd: OddStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "CALL_SECONDS", 1.0)
    odd.says(200, json.dumps(INTENT) * (1 if what == "head" else 50))
    odd.pause = 0.05 if what == "head" else 0.01
    began = time.monotonic()
    with pytest.raises(gateway.Unclear):
        gateway.retrieve_intent("pi_1")
    assert time.monotonic() - began < BUSY_MACHINE_SECONDS


def test_silence_ends_with_the_calls_time_retries_and_all(
    odd: OddStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "CALL_SECONDS", 1.0)
    odd.is_silent = True
    began = time.monotonic()
    with pytest.raises(gateway.Unclear):
        gateway.retrieve_intent("pi_1")
    assert time.monotonic() - began < BUSY_MACHINE_SECONDS
    assert odd.asked == 1


def test_an_answer_without_end_is_cut_off(odd: OddStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.gateway.transport.LARGEST_ANSWER", 100_000)
    odd.says(200, "7" * 1_000_000)
    with pytest.raises(gateway.Unclear):
        gateway.retrieve_intent("pi_1")


@pytest.mark.django_db(transaction=True)
def test_while_stripe_is_silent_few_wait_and_the_others_hear_so_at_once(
    customer: Customer, service: Service, odd: OddStripe, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRIPE_API_BASE = odd.base_url
    gateway.client.cache_clear()
    settings.STRIPE_SEATS = 2
    monkeypatch.setattr(gateway, "CUSTOMER_SECONDS", 4.0)
    odd.is_silent = True
    booking = customer.book(service)

    def sheet() -> tuple[int, str, float]:
        began = time.monotonic()
        response = customer.api.post("/api/v1/payment/", {"booking_reference": booking.reference})
        return response.status_code, response["Retry-After"], time.monotonic() - began

    answers = at_once([sheet] * 6)
    assert {status for status, _, _ in answers} == {503}
    assert all(int(again) >= 1 for _, again, _ in answers)
    took = sorted(seconds for _, _, seconds in answers)
    assert odd.asked == settings.STRIPE_SEATS
    assert took[3] < 4
    assert took[-1] < BUSY_MACHINE_SECONDS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_a_customer_who_pays_meanwhile_is_told_to_come_back(
    name: str, customer: Customer, service: Service, odd: OddStripe, settings: Settings
) -> None:
    settings.STRIPE_API_BASE = odd.base_url
    gateway.client.cache_clear()
    odd.says(*ODD_ANSWERS[name], "Stripe-Should-Retry: false")
    booking: Booking = customer.book(service)
    customer.post("payment/", {"booking_reference": booking.reference}, status=503)

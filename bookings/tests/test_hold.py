"""A slot is held for one customer until it is paid, or its time runs out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking, Service
from config.tests.world import Customer

pytestmark = pytest.mark.django_db(transaction=True)

NOON = (timezone.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)


def ask(customer: Customer, service: Service, starts_at: datetime = NOON) -> tuple[int, dict[str, Any]]:
    body = {"service": service.pk, "starts_at": starts_at.isoformat()}
    response = customer.api.post("/api/v1/booking/", body)
    return response.status_code, dict(response.json())


def test_a_new_booking_answers_as_the_contract_says(customer: Customer, service: Service) -> None:
    before = timezone.now()
    status, answer = ask(customer, service)
    held_until = datetime.fromisoformat(answer.pop("hold_expires_at"))
    assert timedelta(0) <= held_until - before - timedelta(minutes=15) < timedelta(minutes=1)
    assert re.fullmatch("BK-[2-9A-HJ-NP-Z]{8}", answer.pop("reference"))
    assert answer.pop("created_at").endswith("Z")
    assert (status, answer) == (
        201,
        {
            "status": "pending_payment",
            "service": {"id": service.pk, "name": "Deep clean", "duration_minutes": 90},
            "resource": None,
            "time_zone": "UTC",
            "starts_at": f"{NOON:%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{NOON + timedelta(minutes=90):%Y-%m-%dT%H:%M:%SZ}",
            "amount": 4500,
            "currency": "gbp",
            "cancelled_at": None,
            "refundable_until": f"{NOON - timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ}",
        },
    )


def test_a_time_with_another_offset_is_answered_in_utc(customer: Customer, service: Service) -> None:
    body = {"service": service.pk, "starts_at": NOON.replace(tzinfo=None).isoformat() + "+02:00"}
    answer = customer.post("booking/", body, status=201)
    assert answer["starts_at"] == f"{NOON - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"


def test_the_same_request_while_its_hold_lives_is_the_same_booking(
    customer: Customer, service: Service
) -> None:
    first, again = ask(customer, service), ask(customer, service)
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1]
    assert Booking.objects.get().audit_entries.count() == 1


def test_somebody_elses_slot_is_taken(customer: Customer, stranger: Customer, service: Service) -> None:
    ask(customer, service)
    status, answer = ask(stranger, service, NOON + timedelta(minutes=89))
    assert (status, answer["code"]) == (409, "slot_taken")


def test_one_may_start_when_the_other_ends(customer: Customer, stranger: Customer, service: Service) -> None:
    ask(customer, service)
    assert ask(stranger, service, NOON + timedelta(minutes=90))[0] == 201


def test_a_hold_that_ran_out_keeps_its_slot_until_stripe_was_asked(
    customer: Customer, stranger: Customer, service: Service
) -> None:
    ask(customer, service)
    Booking.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(stranger, service)[0] == 409


def test_a_cancelled_booking_frees_its_slot_at_once(
    customer: Customer, stranger: Customer, service: Service
) -> None:
    ask(customer, service)
    customer.cancel(Booking.objects.get())
    assert ask(stranger, service)[0] == 201


def test_a_service_for_two_takes_two_and_no_third(
    customer: Customer, stranger: Customer, service: Service
) -> None:
    Service.objects.update(capacity=2)
    assert ask(customer, service)[0] == 201
    assert ask(stranger, service, NOON + timedelta(minutes=30))[0] == 201
    assert ask(stranger, service, NOON + timedelta(minutes=60))[0] == 409
    assert ask(stranger, service, NOON + timedelta(minutes=90))[0] == 201


@pytest.mark.parametrize("ago", [timedelta(seconds=1), timedelta(days=365)])
def test_a_start_in_the_past_is_refused(customer: Customer, service: Service, ago: timedelta) -> None:
    status, answer = ask(customer, service, timezone.now() - ago)
    assert (status, answer["code"]) == (400, "starts_in_past")


def test_a_service_that_is_not_offered_cannot_be_booked(customer: Customer, service: Service) -> None:
    Service.objects.update(is_active=False)
    status, answer = ask(customer, service)
    assert (status, answer["code"]) == (400, "service_unavailable")


def test_an_unknown_service_cannot_be_booked(customer: Customer, service: Service) -> None:
    service.pk += 1
    status, answer = ask(customer, service)
    assert (status, answer["code"]) == (400, "service_unavailable")


def test_the_terms_stay_as_they_were_when_booked(
    customer: Customer, service: Service, settings: Settings
) -> None:
    ask(customer, service)
    settings.REFUND_NOTICE = timedelta(hours=48)
    Service.objects.update(price=9900, currency="eur", duration=timedelta(hours=3))
    booking = Booking.objects.get()
    assert (booking.amount, booking.currency, booking.refund_notice) == (4500, "gbp", timedelta(hours=12))
    assert booking.ends_at == booking.starts_at + timedelta(minutes=90)
    later = ask(customer, service, NOON + timedelta(days=1))[1]
    assert (later["amount"], later["currency"]) == (9900, "eur")
    assert later["refundable_until"] == f"{NOON - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"


def test_times_are_stored_in_utc(customer: Customer, service: Service) -> None:
    ask(customer, service)
    assert Booking.objects.get().starts_at == NOON.astimezone(UTC)

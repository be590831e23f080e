"""Somebody is booked at the desk or on the phone, in one form; what is refused changes nothing."""

import re
import uuid
from typing import Any

import pytest
from django.core import mail as django_mail
from django.test import Client

from accounts.models import User
from backoffice.tests.desk_world import person, signed_in
from backoffice.tests.salon import Salon, customer
from bookings.models import Booking
from config.tests.world import run_workers
from refunds.wording.trail import told

pytestmark = pytest.mark.django_db
BOOK = "/admin/agenda/book/"


@pytest.fixture
def reception(salon: Salon) -> Client:
    return signed_in(person("refunds"))


def form(salon: Salon, **more: Any) -> dict[str, Any]:
    return {
        "find": "Grace Hopper",
        "service": salon.cut.pk,
        "day": salon.day.isoformat(),
        "time": "10:00",
        "resource": "",
        "pay_at": "desk",
        "note": "",
        "key": str(uuid.uuid4()),
    } | more


def said(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_somebody_new_is_made_and_booked_in_one_form(reception: Client, salon: Salon) -> None:
    answer = reception.post(BOOK, form(salon, phone="020 7946 0002", note="First time"))
    assert answer.status_code == 302
    booking = Booking.objects.get()
    assert (booking.customer.get_full_name(), booking.status, booking.pay_at) == (
        "Grace Hopper",
        "confirmed",
        "desk",
    )
    assert booking.note == "First time"
    assert booking.starts_at == salon.at("10:00")
    assert User.objects.get(name="Grace Hopper").phone == "02079460002"
    assert not booking.payments.exists()
    trail = booking.audit_entries.order_by("pk")
    assert [entry.actor[:6] for entry in trail] == ["staff:"] * 2
    words = [told(entry, currency="gbp") for entry in trail]
    assert words == ["Booked at the desk, to be paid there", "The appointment is confirmed"]
    shown = reception.get(answer["Location"]).content.decode()
    assert "Grace Hopper is booked: Haircut" in shown


def test_somebody_known_is_chosen_by_part_of_the_name_or_the_phone(reception: Client, salon: Salon) -> None:
    for find in ("lovel", "7946 0001", "ada.lovelace@example.com"):
        part = reception.get("/admin/agenda/customers/", {"find": find}).content.decode()
        assert f'value="{salon.ada.pk}"' in part
    before = User.objects.count()
    asked = reception.post(BOOK, form(salon, find="lovelace"))
    assert "Choose one of those who are known, or somebody new." in said(asked)
    assert not Booking.objects.exists()
    reception.post(BOOK, form(salon, find="lovelace", customer=salon.ada.pk))
    assert Booking.objects.get().customer_id == salon.ada.pk
    assert User.objects.count() == before


def test_somebody_new_may_have_the_name_of_somebody_known(reception: Client, salon: Salon) -> None:
    reception.post(BOOK, form(salon, find="Ada Lovelace", customer="new"))
    assert Booking.objects.get().customer_id != salon.ada.pk


def test_paying_in_the_app_is_a_hold_and_needs_an_address(reception: Client, salon: Salon) -> None:
    refused = reception.post(BOOK, form(salon, pay_at="app"))
    assert "they need an e-mail address" in said(refused)
    assert not Booking.objects.exists()
    assert not User.objects.filter(name="Grace Hopper").exists()
    reception.post(BOOK, form(salon, pay_at="app", email="grace@example.com"))
    booking = Booking.objects.get()
    assert (booking.status, booking.hold_expires_at is None) == ("pending_payment", False)
    run_workers()
    (mail,) = django_mail.outbox
    assert mail.to == ["grace@example.com"]
    assert "Please pay: Haircut" in mail.subject
    assert f"/b/{booking.reference}/?k=" in str(mail.body)


def test_a_time_that_is_taken_is_refused_and_nobody_is_made(reception: Client, salon: Salon) -> None:
    for resource in (salon.anna, salon.ben):
        salon.book("10:00", resource=resource, who=customer(f"With {resource}"))
    answer = reception.post(BOOK, form(salon))
    assert answer.status_code == 409
    assert "just taken" in said(answer)
    assert not User.objects.filter(name="Grace Hopper").exists()


def test_a_closed_time_offers_the_nearest_and_one_click_takes_it(reception: Client, salon: Salon) -> None:
    answer = reception.post(BOOK, form(salon, time="20:00"))
    (first, *_) = re.findall(r'name="instead" value="([^"]+)"', answer.content.decode())
    assert reception.post(BOOK, form(salon, time="20:00", instead=first)).status_code == 302
    assert Booking.objects.get().starts_at == salon.at(first[11:16], day=salon.day.fromisoformat(first[:10]))


def test_a_form_that_is_sent_twice_books_once(reception: Client, salon: Salon) -> None:
    sent = form(salon)
    assert [reception.post(BOOK, sent).status_code for _ in range(2)] == [302, 302]
    assert Booking.objects.count() == 1


def test_a_walk_in_begins_with_now(reception: Client, salon: Salon) -> None:
    begun = reception.get(BOOK, {"walk_in": "1"}).content.decode()
    assert re.search(r'type="time" name="time" value="\d\d:\d[05]"', begun)


@pytest.mark.parametrize(
    "bad",
    [
        {"day": "2020-01-01"},
        {"day": "32"},
        {"time": "noon"},
        {"service": "0"},
        {"service": "x"},
        {"resource": "999"},
        {"find": ""},
        {"find": "x" * 200},
        {"customer": "999999"},
        {"customer": "9" * 20},
        {"pay_at": "later"},
        {"key": "no"},
        {"email": "no"},
        {"instead": "neverT99"},
    ],
    ids=str,
)
def test_bad_input_is_told_and_changes_nothing(reception: Client, salon: Salon, bad: dict[str, str]) -> None:
    before = User.objects.count()
    assert reception.post(BOOK, form(salon, **bad)).status_code == 409
    assert (Booking.objects.count(), User.objects.count()) == (0, before)


def test_without_the_permission_nobody_is_booked(salon: Salon) -> None:
    client = signed_in(person("viewer"))
    assert client.post(BOOK, form(salon)).status_code == 403
    assert not Booking.objects.exists()

"""From where a payment was begun is kept for disputes only, and not for ever."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Booking, Service
from config.tests.world import Customer
from payments import cards, traces
from payments.models import Payment, PurchaseTrace

pytestmark = pytest.mark.django_db
INSTALL = "4f1d6a52-install-of-ada"


def sheet(customer: Customer, booking: Booking, address: str = "203.0.113.7", **more: str) -> int:
    """Ask for the payment sheet from that address; the answer's status."""
    asked = {"booking_reference": booking.reference, **more}
    client = Client(REMOTE_ADDR=address, headers=customer.headers)
    return client.post("/api/v1/payment/", asked, "application/json").status_code


@pytest.fixture
def booking(customer: Customer, service: Service) -> Booking:
    return customer.book(service)


def test_address_device_and_account_are_kept_with_the_payment(customer: Customer, booking: Booking) -> None:
    assert sheet(customer, booking, install_id=INSTALL) == 200
    trace = PurchaseTrace.objects.get()
    assert (trace.ip, trace.install_id, trace.account) == ("203.0.113.7", INSTALL, "ada")
    assert trace.payment == booking.payments.get()


def test_an_address_of_ipv6_is_kept_whole(customer: Customer, booking: Booking) -> None:
    sheet(customer, booking, address="2001:db8::1:2:3:4")
    assert PurchaseTrace.objects.get().ip == "2001:db8::1:2:3:4"


def test_asked_twice_the_last_counts_and_what_is_not_told_stays(customer: Customer, booking: Booking) -> None:
    sheet(customer, booking, install_id=INSTALL)
    sheet(customer, booking, address="203.0.113.8")
    trace = PurchaseTrace.objects.get()
    assert (trace.ip, trace.install_id) == ("203.0.113.8", INSTALL)


@pytest.mark.parametrize("install_id", ["short", "x" * 65, "with spaces in it is no id", ""])
def test_an_install_id_is_long_enough_for_a_bank(
    customer: Customer, booking: Booking, install_id: str
) -> None:
    assert sheet(customer, booking, install_id=install_id) == 400
    assert not PurchaseTrace.objects.exists()


def test_the_card_that_paid_is_kept_beside_it(customer: Customer, service: Service) -> None:
    paid = customer.book_and_pay(service)
    cards.learn(paid, timezone.now)
    assert PurchaseTrace.objects.get().card_fingerprint == "fingerprint4242"
    payment = Payment.objects.get()
    assert (payment.card_brand, payment.card_last4) == ("visa", "4242")


def test_after_400_days_it_is_gone(customer: Customer, booking: Booking) -> None:
    sheet(customer, booking)
    now = timezone.now()
    assert traces.empty_old(lambda: now + timedelta(days=399)) == 0
    assert traces.empty_old(lambda: now + timedelta(days=401)) == 1
    assert not PurchaseTrace.objects.exists()


def test_the_customer_reads_what_is_kept_when_they_ask(customer: Customer, booking: Booking) -> None:
    sheet(customer, booking, install_id=INSTALL)
    (told,) = customer.get("account/export/")["bookings"][0]["payments"]
    assert (told["paid_from"]["ip"], told["paid_from"]["install_id"]) == ("203.0.113.7", INSTALL)
    traces.forget(customer.user.pk)
    (told,) = customer.get("account/export/")["bookings"][0]["payments"]
    assert told["paid_from"] is None

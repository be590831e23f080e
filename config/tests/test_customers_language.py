"""A customer is answered in their account's language, else the request's, else the business's."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Customer

pytestmark = pytest.mark.once

IN_ENGLISH, IN_GERMAN, IN_FRENCH = "You are cancelling", "Sie stornieren", "Vous annulez"


def explanation(customer: Customer, booking: Booking, accept: str = "") -> str:
    headers = {"Accept-Language": accept} if accept else {}
    answer = customer.api.get(f"/api/v1/booking/{booking.reference}/cancel/", headers=headers)
    return str(answer.json()["refund"]["explanation"])


def says(customer: Customer, language: str) -> None:
    customer.user.language = language
    customer.user.save()


def test_the_request_says_which_language(customer: Customer, paid: Booking) -> None:
    assert explanation(customer, paid, "de-AT,de;q=0.9,en;q=0.5").startswith(IN_GERMAN)
    assert explanation(customer, paid, "pt-BR,fr;q=0.9").startswith(IN_FRENCH)


def test_an_account_knows_better_than_a_request(customer: Customer, paid: Booking) -> None:
    says(customer, "fr")
    assert explanation(customer, paid, "de").startswith(IN_FRENCH)


def test_without_either_the_business_decides(customer: Customer, paid: Booking, settings: Settings) -> None:
    assert explanation(customer, paid, "pt").startswith(IN_ENGLISH)
    settings.CUSTOMERS_LANGUAGE = "de"
    assert explanation(customer, paid).startswith(IN_GERMAN)


@pytest.mark.parametrize("odd", ["*", ";;;q=", "de" * 40_000, "../../etc", "d\u00e9"])
def test_an_odd_header_does_no_harm(customer: Customer, paid: Booking, odd: str) -> None:
    assert explanation(customer, paid, odd)


def test_one_customers_language_is_not_the_next_ones(customer: Customer, paid: Booking) -> None:
    says(customer, "de")
    assert explanation(customer, paid).startswith(IN_GERMAN)
    says(customer, "")
    assert explanation(customer, paid).startswith(IN_ENGLISH)


def test_errors_and_amounts_speak_it_too(customer: Customer, paid: Booking) -> None:
    assert "45,00\xa0£" in explanation(customer, paid, "de")
    wrong = customer.api.post("/api/v1/booking/", {"service": "x"}, headers={"Accept-Language": "de"})
    assert wrong.json()["detail"] == "Einige Felder fehlen oder sind falsch."
    assert wrong.headers["Content-Language"] == "de"
    assert "Accept-Language" in wrong.headers["Vary"]


def test_a_length_of_time_has_its_plural(customer: Customer, paid: Booking) -> None:
    an_hour = timedelta(hours=1)
    Booking.objects.filter(pk=paid.pk).update(
        refund_notice=an_hour, refundable_until=paid.starts_at - an_hour
    )
    assert "mindestens 1 Stunde vorher" in explanation(customer, paid, "de")

"""What somebody reads, changes and takes along of themselves."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from bookings.models import Booking
from config.tests.world import Customer

pytestmark = pytest.mark.django_db


def test_name_phone_and_language_are_read_and_changed(customer: Customer) -> None:
    changes = {"name": "Ada Lovelace", "phone": "+44 20 7946 0000", "language": "de"}
    answer = customer.api.patch("/api/v1/account/", changes)
    assert answer.json() == changes | {"email": customer.user.email}
    assert customer.get("account/") == answer.json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "ring me"},
        {"language": "Deutsch"},
        {"name": "x" * 151},
        {"name": "a\0b"},
        {"name": "Ada\r\nBcc: eve@example.com"},
        {"name": "Ada\u202eevE"},
        {"name": None},
        {"email": "other@example.com"},
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_changed(customer: Customer, wrong: dict[str, str]) -> None:
    before = customer.get("account/")
    answer = customer.api.patch("/api/v1/account/", {"name": "New"} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == list(wrong)
    assert customer.get("account/") == before


def test_nobody_is_told_anything_without_a_token() -> None:
    nobody = APIClient()
    for address in ("account/", "account/export/"):
        assert nobody.get(f"/api/v1/{address}").status_code == 401
    assert nobody.delete("/api/v1/account/", {"password": "x"}).status_code == 401


def test_everything_known_is_taken_along(customer: Customer, paid: Booking) -> None:
    User.objects.filter(pk=customer.user.pk).update(name="Ada Lovelace")
    everything = customer.get("account/export/")
    assert everything["account"]["name"] == "Ada Lovelace"
    (booking,) = everything["bookings"]
    assert (booking["reference"], booking["status"]) == (paid.reference, "confirmed")
    assert [line["amount"] for line in booking["statement"]] == [4500]
    assert booking["history"][0]["action"] == "booking.held"
    assert len(everything["signed_in_devices"]) == 1


def test_nobody_elses_bookings_are_among_them(stranger: Customer, paid: Booking) -> None:
    assert stranger.get("account/export/")["bookings"] == []

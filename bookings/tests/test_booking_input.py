"""Whatever is sent to the booking endpoints, the answer is the contract's error and nothing changes."""

import json
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Service
from config.tests.world import Customer

pytestmark = pytest.mark.django_db(transaction=True)

SOON = "2999-01-01T12:00:00Z"
NO_TIMES: list[Any] = [
    "2999-01-01T12:00:00",
    "2999-01-01",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2999-02-30T12:00:00Z",
    "2999-01-01T12:00:00+25:00",
    "noon",
    "",
    "\u0000",
    "\ud800",
    32503723200,
    None,
    True,
    [],
    {},
    [SOON],
]
NO_SERVICES: list[Any] = ["one", "", None, True, [], {}, 1.5, -1, 0, 2**31 + 1, 10**400, "1" * 5000, "\u0000"]
NO_REQUESTS: list[Any] = [None, [], [{}], "booking", 7, {}, {"service": 1}, [[[[]]]]]


def refused(customer: Customer, body: Any) -> set[str]:
    """The fields at fault of a request that must be refused."""
    response = customer.api.generic("POST", "/api/v1/booking/", json.dumps(body), "application/json")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "invalid")
    assert response["Content-Type"] == "application/problem+json"
    assert Booking.objects.count() == 0
    return {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize("starts_at", NO_TIMES)
def test_what_is_no_time_with_an_offset_is_refused(
    customer: Customer, service: Service, starts_at: Any
) -> None:
    assert refused(customer, {"service": service.pk, "starts_at": starts_at}) == {"starts_at"}


@pytest.mark.parametrize("number", NO_SERVICES)
def test_what_is_no_service_is_refused(customer: Customer, service: Service, number: Any) -> None:
    assert refused(customer, {"service": number, "starts_at": SOON}) == {"service"}


@pytest.mark.parametrize("body", NO_REQUESTS)
def test_what_is_no_request_is_refused(customer: Customer, body: Any) -> None:
    assert refused(customer, body)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"service": NaN}',
        b'{"service": 1e999, "starts_at": Infinity}',
        b'{"service": ' + b"9" * 5000 + b"}",
        b"[" * 30_000,
    ],
)
def test_what_is_no_json_is_refused(customer: Customer, body: bytes) -> None:
    response = customer.api.post("/api/v1/booking/", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_other_content_types_are_refused(customer: Customer) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "?"):
        response = customer.api.post("/api/v1/booking/", b"a=b", content_type=kind)
        assert response.status_code == 415


def test_a_body_that_is_too_large_is_refused(customer: Customer) -> None:
    response = customer.api.post("/api/v1/booking/", {"service": "x" * 70_000})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("reference", ["BK-22222222", "BK-0000", "%ff%fe", "%ED%A0%80", "..", "x" * 500, "'"])
@pytest.mark.parametrize(
    "place", ["booking/{}/", "booking/{}/cancel/", "payment/refund-status/?booking_reference={}"]
)
def test_a_reference_that_names_nothing_is_not_found(customer: Customer, place: str, reference: str) -> None:
    response = customer.api.get("/api/v1/" + place.format(reference))
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_strangers_booking_is_not_found_anywhere(stranger: Customer, paid: Booking) -> None:
    reference = paid.reference
    assert stranger.get("booking/")["results"] == []
    for address in (f"booking/{reference}/", f"booking/{reference}/cancel/"):
        stranger.get(address, status=404)
    stranger.get(f"payment/refund-status/?booking_reference={reference}", status=404)
    stranger.post(f"booking/{reference}/cancel/", status=404)
    stranger.post("payment/", {"booking_reference": reference}, status=404)
    paid.refresh_from_db()
    assert paid.status == "confirmed"


@pytest.mark.parametrize(
    "token", ["", "Token ", "Token nonsense", "Token " + "a" * 64, "Bearer x", "Token \xff"]
)
def test_nobody_is_answered_without_a_token(db: None, client: Client, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    for method, address in (
        ("GET", "booking/"),
        ("POST", "booking/"),
        ("GET", "booking/BK-22222222/"),
        ("POST", "booking/BK-22222222/cancel/"),
        ("POST", "payment/"),
        ("GET", "payment/refund-status/"),
        ("GET", "service/"),
    ):
        response = client.generic(method, f"/api/v1/{address}", headers=headers)
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"

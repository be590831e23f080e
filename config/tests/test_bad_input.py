"""Rubbish in any place gets the contract's error and changes nothing."""

from typing import Any

import pytest
from django.test import Client

from bookings.models import AuditEntry, Booking, Service
from config.tests.world import Customer, run_workers
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NO_REFERENCES = [
    "%00",
    "BK-%00AAAAAA",
    "%FF%FE",
    "é",
    "'",
    "BK-" + "A" * 300,
    "..",
    "%2e%2e%2f",
    "BK-22222222",
]
NO_TIMES = [
    None,
    "",
    "soon",
    1764597600,
    "2026-12-01T14:00:00",
    "2026-13-01T14:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    ["2026-12-01T14:00:00Z"],
]
NO_CANCELLATIONS = [
    {"expected_refund": "all"},
    {"expected_refund": -1},
    {"expected_refund": 45.5},
    {"expected_refund": 10**30},
    {"reason": "x" * 501},
    {"reason": "a\x00b"},
    {"reason": {"a": 1}},
    {"reason": 7},
]
NO_MOBILE_VERSIONS = ["x" * 300, "2020-08-27\r\nX-Evil: 1", "\x00", 5, {"a": 1}, "no date"]
NO_SERVICES = [None, "", "x", 0, -1, 2**31, 2**63, 10**400, 1.5, True, [1], {"id": 1}, "1\x00"]


def refused(response: Any, *statuses: int) -> None:
    assert response.status_code in statuses
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code


@pytest.fixture
def everything(customer: Customer, paid: Booking) -> list[Any]:
    """Counts that must not change."""
    return counts()


def counts() -> list[Any]:
    return [Booking.objects.count(), AuditEntry.objects.count(), set(Booking.objects.values_list("status"))]


def test_a_reference_that_is_none_finds_nothing(customer: Customer, everything: list[Any]) -> None:
    for reference in NO_REFERENCES:
        for address in ("booking/{}/", "booking/{}/cancel/", "payment/refund-status/?booking_reference={}"):
            refused(customer.api.get(f"/api/v1/{address.format(reference)}"), 400, 404)
        refused(customer.api.post(f"/api/v1/booking/{reference}/cancel/", {}), 400, 404)
        refused(customer.api.post("/api/v1/payment/", {"booking_reference": reference}), 400, 404)
    assert counts() == everything


def test_a_time_that_is_none_is_refused(customer: Customer, service: Service, everything: list[Any]) -> None:
    for starts_at in NO_TIMES:
        refused(customer.api.post("/api/v1/booking/", {"service": service.pk, "starts_at": starts_at}), 400)
    assert counts() == everything


def test_a_service_that_is_none_is_refused(customer: Customer, everything: list[Any]) -> None:
    for number in NO_SERVICES:
        wish = {"service": number, "starts_at": "2030-12-01T14:00:00Z"}
        refused(customer.api.post("/api/v1/booking/", wish), 400)
    assert counts() == everything


def test_a_cancellation_that_makes_no_sense_cancels_nothing(
    customer: Customer, paid: Booking, everything: list[Any]
) -> None:
    for body in NO_CANCELLATIONS:
        refused(customer.api.post(f"/api/v1/booking/{paid.reference}/cancel/", body), 400)
    assert counts() == everything


def test_a_mobile_version_that_is_none_is_refused(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    for version in NO_MOBILE_VERSIONS:
        body = {"booking_reference": booking.reference, "mobile_stripe_version": version}
        refused(customer.api.post("/api/v1/payment/", body), 400, 409)


def test_a_page_that_is_none_is_refused(customer: Customer) -> None:
    for query in ("cursor=x", "cursor=cD14", "cursor=%00", "limit=0", "limit=x", "limit=-1"):
        for address in ("booking", "service"):
            refused(customer.api.get(f"/api/v1/{address}/?{query}"), 400, 404)


def test_a_page_is_never_longer_than_a_hundred(customer: Customer) -> None:
    for limit in ("101", "1000000", "1" * 400):
        assert customer.get(f"service/?limit={limit}")["results"] == []


def test_a_session_that_is_none_is_nobodys(client: Client) -> None:
    client.cookies.load({"sessionid": "x" * 500})
    refused(client.get("/api/v1/booking/"), 401)
    response = client.get(
        "/api/v1/booking/", headers={"Cookie": r'sessionid="\000\000\000\000\000\000\000\000"'}
    )
    refused(response, 400)


def test_anothers_booking_is_not_found_anywhere(
    stranger: Customer, customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    for address in ("booking/{}/", "booking/{}/cancel/", "payment/refund-status/?booking_reference={}"):
        refused(stranger.api.get(f"/api/v1/{address.format(paid.reference)}"), 404)
    refused(stranger.api.post(f"/api/v1/booking/{paid.reference}/cancel/", {}), 404)
    refused(stranger.api.post("/api/v1/payment/", {"booking_reference": paid.reference}), 404)
    run_workers()
    assert sandbox.all("refunds") == []


def test_without_a_sign_in_nothing_opens(client: Client, paid: Booking) -> None:
    for address in (
        "booking/",
        f"booking/{paid.reference}/",
        f"booking/{paid.reference}/cancel/",
    ):
        refused(client.get(f"/api/v1/{address}"), 401)
    for address in ("booking/", f"booking/{paid.reference}/cancel/", "payment/"):
        refused(client.post(f"/api/v1/{address}", {}, "application/json"), 401)

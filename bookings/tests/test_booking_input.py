"""Which field of a booking request is at fault, and what is no request at all."""

import json
from typing import Any

import pytest

from bookings.models import Booking, Service
from config.tests.world import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SOON = "2999-01-01T12:00:00Z"
NO_TIMES = [
    "2999-01-01T12:00:00",
    "2999-01-01",
    "9999-12-31T23:59:59Z",
    "2999-02-30T12:00:00Z",
    "\ud800",
    True,
    {},
]
NO_SERVICES: list[Any] = ["one", "", None, True, [], 1.5, 0, 2**31 + 1, "1" * 5000]
NO_REQUESTS: list[Any] = [None, [], [{}], "booking", 7, {}, {"service": 1}, [[[[]]]]]
NO_JSON = [
    b"{",
    b"\xff\xfe",
    b'{"service": NaN}',
    b'{"service": 1, "starts_at": Infinity}',
    b'{"service": ' + b"9" * 5000 + b"}",
    b"[" * 30_000,
]


def post(customer: Customer, body: bytes, kind: str = "application/json") -> tuple[int, dict[str, Any]]:
    response = customer.api.post("/api/v1/booking/", body, content_type=kind)
    assert response["Content-Type"] == "application/problem+json"
    assert Booking.objects.count() == 0
    return response.status_code, dict(response.json())


def fields_at_fault(customer: Customer, body: Any) -> set[str]:
    status, problem = post(customer, json.dumps(body).encode())
    assert (status, problem["code"]) == (400, "invalid")
    return {error["field"] for error in problem["errors"]}


def test_the_field_at_fault_is_named(customer: Customer, service: Service) -> None:
    for starts_at in NO_TIMES:
        assert fields_at_fault(customer, {"service": service.pk, "starts_at": starts_at}) == {"starts_at"}
    for number in NO_SERVICES:
        assert fields_at_fault(customer, {"service": number, "starts_at": SOON}) == {"service"}
    for body in NO_REQUESTS:
        assert fields_at_fault(customer, body)


def test_what_is_no_json_is_malformed(customer: Customer) -> None:
    for body in NO_JSON:
        status, problem = post(customer, body)
        assert (status, problem["code"]) == (400, "malformed")


def test_other_content_types_are_refused(customer: Customer) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "?"):
        assert post(customer, b"a=b", kind)[0] == 415


def test_a_body_that_is_too_large_is_refused(customer: Customer) -> None:
    status, problem = post(customer, b'"' + b"x" * 70_000 + b'"')
    assert (status, problem["code"]) == (413, "too_large")

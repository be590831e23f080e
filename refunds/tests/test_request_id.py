"""Whoever follows one request through the logs finds what the worker did about it, too."""

import pytest
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Customer, run_workers

pytestmark = pytest.mark.django_db


def test_the_request_that_caused_a_refund_is_named_by_all_that_follows(
    customer: Customer, paid: Booking, settings: Settings
) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}  # else it is a client's own
    address = f"/api/v1/booking/{paid.reference}/cancel/"
    customer.api.post(address, {}, headers={"X-Request-ID": "request-of-ada-0001"})
    run_workers()
    told = paid.audit_entries.filter(request_id="request-of-ada-0001").values_list("action", "source")
    assert ("booking.cancelled", "api") in told
    assert {("refund.sending", "worker"), ("refund.succeeded", "worker")} <= set(told)

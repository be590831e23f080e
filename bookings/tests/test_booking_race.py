"""Many ask for the same slot at the same moment."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from bookings.models import Booking, Service
from config.tests.racing import at_once
from config.tests.world import Customer, Postman, customer_named
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

STARTS_AT = (timezone.now() + timedelta(days=2)).isoformat()


def ask(customer: Customer, service: Service) -> tuple[int, str]:
    response = customer.api.post("/api/v1/booking/", {"service": service.pk, "starts_at": STARTS_AT})
    return response.status_code, str(response.json().get("reference") or response.json()["code"])


@pytest.fixture
def ten(sandbox: Sandbox, postman: Postman, transactional_db: None) -> list[Customer]:
    return [customer_named(f"customer{n}", sandbox=sandbox, postman=postman) for n in range(10)]


@pytest.mark.parametrize("capacity", [1, 3])
def test_ten_at_once_get_no_more_places_than_there_are(
    ten: list[Customer], service: Service, capacity: int
) -> None:
    Service.objects.update(capacity=capacity)
    answers = at_once([partial(ask, customer, service) for customer in ten])
    assert sorted(status for status, _ in answers) == [201] * capacity + [409] * (10 - capacity)
    assert [code for status, code in answers if status == 409] == ["slot_taken"] * (10 - capacity)
    assert Booking.objects.count() == capacity


def test_one_customer_tapping_ten_times_gets_one_booking(customer: Customer, service: Service) -> None:
    answers = at_once([partial(ask, customer, service)] * 10)
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    assert {reference for _, reference in answers} == {Booking.objects.get().reference}

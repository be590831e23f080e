"""Many ask for the same slot at the same moment."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking, Occupation, Service
from bookings.tests.salon import ask as book
from bookings.tests.salon import at, open_salon
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


def test_fifty_customers_race_for_one_time_of_three_people(
    sandbox: Sandbox, postman: Postman, transactional_db: None
) -> None:
    salon = open_salon()
    fifty = [customer_named(f"customer{n}", sandbox=sandbox, postman=postman) for n in range(50)]
    nine = at(salon.monday, 9)
    answers = at_once([partial(book, customer, salon.cut, nine) for customer in fifty])
    won = [answer for status, answer in answers if status == 201]
    lost = [answer["code"] for status, answer in answers if status != 201]
    assert sorted(answer["resource"]["name"] for answer in won) == ["Ada", "Ben", "Cleo"]
    assert lost == ["slot_taken"] * 47
    assert Occupation.objects.count() == Booking.objects.count() == 3


def test_two_services_race_for_one_person(ten: list[Customer]) -> None:
    salon = open_salon(["Ada"])
    wash = Service.objects.create(name="Wash", duration=timedelta(minutes=30), price=1000)
    wash.resources.set(salon.people)
    nine = at(salon.monday, 9)
    asked = [
        partial(book, customer, (salon.cut, wash)[number % 2], nine) for number, customer in enumerate(ten)
    ]
    assert sorted(status for status, _ in at_once(asked)) == [201] + [409] * 9
    assert Occupation.objects.count() == 1


def test_one_customer_asking_for_ten_times_at_once_gets_as_many_as_they_may(
    customer: Customer, settings: Settings
) -> None:
    settings.BOOKING_MAX_HOLDS = 5
    salon = open_salon()
    services = [salon.cut]
    for number in range(9):
        services.append(Service.objects.create(name=f"{number}", duration=timedelta(minutes=30), price=1000))
        services[-1].resources.set(salon.people)
    asked = [
        partial(book, customer, service, at(salon.monday, 9) + timedelta(minutes=30 * number))
        for number, service in enumerate(services)
    ]
    answers = at_once(asked)
    assert sorted(status for status, _ in answers) == [201] * 5 + [409] * 5
    assert {answer["code"] for status, answer in answers if status == 409} == {"too_many_holds"}


def test_the_last_two_of_a_group_cancel_at_once_and_leave_nothing(ten: list[Customer]) -> None:
    salon = open_salon(["Room"], capacity=10)
    nine = at(salon.monday, 9)
    assert {book(customer, salon.cut, nine)[0] for customer in ten} == {201}
    bookings = {booking.customer_id: booking for booking in Booking.objects.all()}
    assert Occupation.objects.count() == 1
    at_once([partial(customer.cancel, bookings[customer.user.pk]) for customer in ten])
    assert Occupation.objects.count() == 0

"""Lists come in pages, newest first, at a price that doesn't grow with their length."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking, Service
from config.tests.world import Customer

pytestmark = pytest.mark.django_db


def make_bookings(customer: Customer, service: Service, count: int) -> list[str]:
    """That many bookings, oldest first; some made in the same moment."""
    now = timezone.now()
    rows = [
        Booking(
            customer=customer.user,
            service=service,
            starts_at=now + timedelta(days=number),
            ends_at=now + timedelta(days=number, minutes=90),
            amount=4500,
            currency="gbp",
            refund_notice=timedelta(hours=12),
            created_at=now + timedelta(seconds=number // 2),
        )
        for number in range(count)
    ]
    return [row.reference for row in Booking.objects.bulk_create(rows)]


def walk(customer: Customer, address: str, link: str = "next") -> list[list[Any]]:
    """All pages from this one on, following the links."""
    pages, url = [], f"/api/v1/{address}"
    while url:
        page = customer.api.get(url).json()
        assert set(page) == {"next", "previous", "results"}
        pages.append(page["results"])
        url = page[link]
    return pages


def test_pages_show_every_booking_once_newest_first(customer: Customer, service: Service) -> None:
    references = make_bookings(customer, service, 45)
    pages = walk(customer, "booking/")
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [booking["reference"] for page in pages for booking in page] == references[::-1]


def test_those_that_have_not_begun_and_those_that_have_can_be_asked_for(
    customer: Customer, service: Service
) -> None:
    over, *to_come = make_bookings(customer, service, 3)  # the first begins now
    pages = walk(customer, "booking/?when=upcoming&limit=1")
    assert [booking["reference"] for page in pages for booking in page] == to_come[::-1]
    assert [booking["reference"] for booking in customer.get("booking/?when=past")["results"]] == [over]


def test_another_when_is_refused(customer: Customer) -> None:
    answer = customer.api.get("/api/v1/booking/?when=tomorrow")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "when")


def test_there_is_a_way_back(customer: Customer, service: Service) -> None:
    make_bookings(customer, service, 5)
    first = customer.get("booking/?limit=3")
    second = customer.api.get(first["next"]).json()
    assert customer.api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(("limit", "expected"), [("3", 3), ("100", 100), ("101", 100), ("9" * 99, 100)])
def test_a_page_has_at_most_100_rows(customer: Customer, service: Service, limit: str, expected: int) -> None:
    make_bookings(customer, service, 101)
    assert len(customer.get(f"booking/?limit={limit}")["results"]) == expected


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "", "9" * 5000])
def test_a_limit_that_is_no_count_is_refused(customer: Customer, limit: str) -> None:
    answer = customer.api.get(f"/api/v1/booking/?limit={limit}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    "cursor", ["x", "cD14", "cD05OTk5", "cj0xJnA9", "%F0%9F", "cD0yMDI2", "bz05OTk5OTk5OTk5"]
)
@pytest.mark.parametrize("address", ["booking/", "service/"])
def test_a_cursor_that_is_not_ours_does_no_harm(customer: Customer, address: str, cursor: str) -> None:
    response = customer.api.get(f"/api/v1/{address}?cursor={cursor}")
    assert response.status_code == 200 or response.json()["code"] == "invalid_cursor"


@pytest.mark.parametrize("count", [1, 50])
def test_a_list_costs_three_queries_however_long_it_is(
    customer: Customer, service: Service, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_bookings(customer, service, count)
    with django_assert_num_queries(3):  # the token and the page
        assert len(customer.get("booking/?limit=100")["results"]) == count


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_of_services_costs_three_queries_however_long_it_is(
    customer: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Service.objects.bulk_create(
        Service(name=f"Service {number}", duration=timedelta(hours=1), price=100) for number in range(count)
    )
    with django_assert_num_queries(3):
        assert len(customer.get("service/?limit=100")["results"]) == count


def test_services_that_are_not_offered_are_not_listed(customer: Customer, service: Service) -> None:
    Service.objects.create(name="Gone", duration=timedelta(hours=1), price=100, is_active=False)
    assert customer.get("service/")["results"] == [
        {
            "id": service.pk,
            "name": "Deep clean",
            "description": "",
            "duration_minutes": 90,
            "price": 4500,
            "currency": "gbp",
            "capacity": 1,
            "refund_notice_hours": 12,
            "resources": [],
        }
    ]

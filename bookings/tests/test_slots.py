"""Free times over the API: offered, booked, and told apart from what is not offered."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking, CalendarException, Hours, Occupation, Resource, Service
from bookings.tests.salon import DAY, Salon, ask, at, open_salon, slots
from config.tests.statements import counted
from config.tests.world import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon(db: None) -> Salon:
    return open_salon()


def local(day: Any) -> list[str]:
    return [slot["local"][-5:] for slot in day["slots"]]


def test_anybody_reads_the_free_times(client: Client, salon: Salon) -> None:
    response = client.get(f"/api/v1/service/{salon.cut.pk}/slots/?from={salon.monday}&days=6")
    answer = response.json()
    assert (answer["service"], answer["time_zone"]) == (salon.cut.pk, "UTC")
    assert [day["why_none"] for day in answer["days"]] == [None] * 5 + ["closed"]
    assert answer["days"][0]["date"] == f"{salon.monday}"
    assert answer["days"][0]["slots"][0] == {
        "starts_at": f"{salon.monday}T09:00:00Z",
        "ends_at": f"{salon.monday}T09:30:00Z",
        "local": f"{salon.monday}T09:00",
        "resources": [one.pk for one in salon.people],
        "places": 1,
    }
    assert len(answer["days"][0]["slots"]) == 16
    assert response["Cache-Control"] == "max-age=15"


def test_it_begins_today_with_a_week(customer: Customer, salon: Salon) -> None:
    days = customer.get(f"service/{salon.cut.pk}/slots/")["days"]
    assert [day["date"] for day in days] == [f"{timezone.now().date() + DAY * number}" for number in range(7)]


@pytest.mark.parametrize(
    "query",
    [
        "days=0",
        "days=32",
        "days=x",
        "from=x",
        "from=2026-02-30",
        "from=9999-12-31",
        "from=0001-01-01",
        "resource=0",
    ],
)
def test_a_window_that_is_none_is_invalid(customer: Customer, salon: Salon, query: str) -> None:
    problem = customer.get(f"service/{salon.cut.pk}/slots/?{query}", status=400)
    assert problem["code"] == "invalid"
    assert problem["errors"][0]["field"] == query.split("=")[0]


def test_an_unknown_service_is_not_found(customer: Customer, salon: Salon) -> None:
    Service.objects.update(is_active=False)
    for key in (salon.cut.pk, salon.cut.pk + 1, 10**30):
        assert customer.get(f"service/{key}/slots/", status=404)["code"] == "not_found"


def test_a_resource_that_cannot_do_it_is_invalid(customer: Customer, salon: Salon) -> None:
    stranger, (ada, *_) = Resource.objects.create(name="Room"), salon.people
    Resource.objects.filter(pk=ada.pk).update(is_active=False)
    for one in (stranger.pk, ada.pk, 2**31):
        problem = customer.get(f"service/{salon.cut.pk}/slots/?resource={one}", status=400)
        assert (problem["code"], problem["errors"][0]["field"]) == ("invalid", "resource")
        status, problem = ask(customer, salon.cut, at(salon.monday, 9), resource=one)
        assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "invalid", "resource")
    assert Booking.objects.count() == 0


def test_one_can_be_named_and_else_the_least_busy_comes(customer: Customer, salon: Salon) -> None:
    ada, ben, cleo = salon.people
    first = ask(customer, salon.cut, at(salon.monday, 9), resource=ada.pk)[1]
    assert first["resource"] == {"id": ada.pk, "name": "Ada"}
    day = slots(customer, salon.cut, salon.monday)[0]["slots"][0]
    assert day["resources"] == [ben.pk, cleo.pk]
    others = [
        ask(customer, salon.cut, at(salon.monday, hour))[1]["resource"]["name"] for hour in (10, 11, 12)
    ]
    assert others == ["Ben", "Cleo", "Ada"]
    (named,) = slots(customer, salon.cut, salon.monday, resource=ada.pk)
    assert "09:00" not in local(named)
    assert "12:00" not in local(named)


def test_what_is_taken_is_taken_for_every_service_that_needs_the_person(
    customer: Customer, stranger: Customer
) -> None:
    salon = open_salon(["Ada"])
    colour = Service.objects.create(name="Colour", duration=timedelta(hours=2), price=9000)
    colour.resources.set(salon.people)
    assert ask(customer, colour, at(salon.monday, 10))[0] == 201
    for minute in (600, 660, 690):
        start = at(salon.monday, 0) + timedelta(minutes=minute)
        assert ask(stranger, salon.cut, start)[1]["code"] == "slot_taken"
    assert ask(stranger, salon.cut, at(salon.monday, 12))[0] == 201
    assert ask(stranger, colour, at(salon.monday, 8, 30))[1]["code"] == "not_offered"


def test_a_time_that_is_not_offered_names_the_nearest(customer: Customer, salon: Salon) -> None:
    monday = salon.monday
    friday = monday + 4 * DAY
    for wrong, expected in (
        (at(monday, 9, 10), ["09:00", "09:30", "10:00"]),
        (at(monday, 9) + timedelta(seconds=1), ["09:00", "09:30", "10:00"]),
        (at(friday, 17), ["15:30", "16:00", "16:30"]),
        (at(friday + DAY, 12), ["15:30", "16:00", "16:30"]),
    ):
        status, problem = ask(customer, salon.cut, wrong)
        assert (status, problem["code"]) == (409, "not_offered")
        assert [slot["local"][-5:] for slot in problem["nearest"]] == expected
        for slot in problem["nearest"]:
            with transaction.atomic():
                assert ask(customer, salon.cut, datetime.fromisoformat(slot["starts_at"]))[0] == 201
                transaction.set_rollback(True)
    assert Booking.objects.count() == 0


def test_a_year_far_away_and_christmas_cannot_be_booked(customer: Customer, salon: Salon) -> None:
    christmas = CalendarException(first_day=salon.monday, last_day=salon.monday, note="Christmas")
    christmas.save()
    status, problem = ask(customer, salon.cut, at(salon.monday, 9))
    assert (status, problem["code"]) == (409, "not_offered")
    far = at(salon.monday, 9).replace(year=salon.monday.year + 5)
    status, problem = ask(customer, salon.cut, far)
    assert (status, problem["code"]) == (409, "not_offered")
    assert problem["nearest"]
    days = slots(customer, salon.cut, far.date(), 7)
    assert {day["why_none"] for day in days} == {"too_far", "closed"}
    assert Booking.objects.count() == 0


def test_a_group_shares_one_occupation(customer: Customer, stranger: Customer) -> None:
    salon = open_salon(["Room"], capacity=2)
    ten = at(salon.monday, 10)
    assert [ask(who, salon.cut, ten)[0] for who in (customer, stranger)] == [201, 201]
    assert Occupation.objects.count() == 1
    (day,) = slots(customer, salon.cut, salon.monday)
    assert {slot["places"] for slot in day["slots"]} == {2}
    assert "10:00" not in local(day)
    first, second = Booking.objects.order_by("pk")
    customer.cancel(first)
    assert [slot["places"] for slot in slots(customer, salon.cut, salon.monday)[0]["slots"]][2] == 1
    assert Occupation.objects.count() == 1
    stranger.cancel(second)
    assert Occupation.objects.count() == 0


def test_a_service_whose_people_are_all_retired_is_offered_to_nobody(
    customer: Customer, salon: Salon
) -> None:
    Resource.objects.update(is_active=False)
    assert slots(customer, salon.cut, salon.monday)[0] == {
        "date": f"{salon.monday}",
        "why_none": "closed",
        "slots": [],
    }
    assert ask(customer, salon.cut, at(salon.monday, 9))[1]["code"] == "not_offered"


def test_nobody_holds_more_than_five_times_unpaid(
    customer: Customer, stranger: Customer, salon: Salon, settings: Settings
) -> None:
    settings.BOOKING_MAX_HOLDS = 5
    answers = [ask(customer, salon.cut, at(salon.monday, hour))[0] for hour in range(9, 14)]
    assert answers == [201] * 5
    status, problem = ask(customer, salon.cut, at(salon.monday, 14))
    assert (status, problem["code"]) == (409, "too_many_holds")
    assert ask(customer, salon.cut, at(salon.monday, 9))[0] == 200
    assert ask(stranger, salon.cut, at(salon.monday, 14))[0] == 201
    Booking.objects.filter(customer=customer.user).update(hold_expires_at=timezone.now())
    assert ask(customer, salon.cut, at(salon.monday, 15))[0] == 201


def test_the_same_answer_is_not_sent_twice_and_a_change_is(customer: Customer, salon: Salon) -> None:
    address = f"/api/v1/service/{salon.cut.pk}/slots/?from={salon.monday}&days=31"
    tag = customer.api.get(address)["ETag"]

    def again() -> int:
        nonlocal tag
        response = customer.api.get(address, headers={"If-None-Match": tag})
        tag = response["ETag"]
        return int(response.status_code)

    assert again() == 304
    ask(customer, salon.cut, at(salon.monday, 9))
    assert (again(), again()) == (200, 304)
    customer.cancel(Booking.objects.get())
    assert (again(), again()) == (200, 304)
    Hours.objects.filter(weekday=0).update(closes=time(18))
    assert (again(), again()) == (200, 304)
    CalendarException.objects.create(first_day=salon.monday, last_day=salon.monday)
    assert (again(), again()) == (200, 304)
    salon.cut.resources.remove(salon.people[0])
    assert (again(), again()) == (200, 304)
    Service.objects.update(duration=timedelta(minutes=45))
    assert (again(), again()) == (200, 304)


def test_reading_costs_the_same_statements_however_much_is_booked(customer: Customer, salon: Salon) -> None:
    def statements(headers: dict[str, str]) -> int:
        address = f"/api/v1/service/{salon.cut.pk}/slots/?from={salon.monday}&days=31"
        answers = []
        taken = counted(lambda: answers.append(customer.api.get(address, headers=headers)))
        headers["If-None-Match"] = answers[0]["ETag"]
        return len(taken)

    headers: dict[str, str] = {}
    empty, unchanged = statements(headers), statements(headers)
    Occupation.objects.bulk_create(
        Occupation(resource=one, starts_at=start, ends_at=start + timedelta(minutes=30))
        for one in salon.people
        for start in (at(salon.monday, 9) + timedelta(minutes=40 * number) for number in range(500))
    )
    assert statements(headers) == empty
    assert unchanged <= empty <= 7


def test_a_known_answer_is_another_once_an_appointment_is_at_another_time(
    customer: Customer, salon: Salon
) -> None:
    salon.cut.resources.clear()
    assert ask(customer, salon.cut, at(salon.monday, 9))[0] == 201
    for hour in (9, 11):
        start = at(salon.monday, hour)
        Booking.objects.update(starts_at=start, ends_at=start + salon.cut.duration)
        for _ in range(2):
            (day,) = slots(customer, salon.cut, salon.monday)
            assert f"{hour:02}:00" not in local(day)
            assert f"{hour:02}:30" in local(day)

"""The set-up check warns of a calendar that can't be right."""

from datetime import datetime, time

import pytest
from django.utils import timezone

from bookings.models import Booking, CalendarException, Hours, Resource
from bookings.tests.salon import DAY, Salon, ask, at, open_salon
from config.tests.world import Customer
from operations.setup import calendar
from operations.setup.result import Check

pytestmark = pytest.mark.django_db


def said(check: Check, now: datetime | None = None) -> tuple[str, str]:
    (result,) = check(now or timezone.now())
    assert (result.verdict == "ok") != bool(result.advice)
    return str(result.verdict), result.detail


@pytest.fixture
def salon(db: None) -> Salon:
    return open_salon(["Ada"])


def test_no_hours_are_warned_of(salon: Salon) -> None:
    assert said(calendar.hours)[0] == "ok"
    Hours.objects.update(resource=salon.people[0])
    assert said(calendar.hours) == ("warning", "no opening hours: any minute can be booked")
    day = salon.monday
    CalendarException.objects.create(first_day=day, last_day=day, opens=time(9), closes=time(12))
    assert said(calendar.hours)[0] == "ok"


def test_a_service_nobody_can_do_is_named(salon: Salon) -> None:
    assert said(calendar.services)[0] == "ok"
    Resource.objects.update(is_active=False)
    assert said(calendar.services) == ("warning", "nobody can do Cut")
    salon.cut.resources.clear()
    assert said(calendar.services)[0] == "ok"


def test_bookings_outside_the_hours_are_counted(salon: Salon, customer: Customer) -> None:
    for hour in (9, 16):
        assert ask(customer, salon.cut, at(salon.monday, hour))[0] == 201
    assert said(calendar.bookings)[0] == "ok"
    Hours.objects.update(closes=time(12))
    late = Booking.objects.get(starts_at=at(salon.monday, 16))
    assert said(calendar.bookings) == ("warning", f"1 outside the hours, such as {late.reference}")
    CalendarException.objects.create(first_day=salon.monday, last_day=salon.monday)
    assert said(calendar.bookings)[1].startswith("2 outside")
    CalendarException.objects.all().delete()
    Resource.objects.update(is_active=False)
    assert said(calendar.bookings)[1].startswith("2 outside")
    assert said(calendar.bookings, at(salon.monday + DAY, 0))[0] == "ok"

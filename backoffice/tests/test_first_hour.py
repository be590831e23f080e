"""An empty business is told what to set up, and the system ticks each line itself; then it is gone."""

from datetime import time, timedelta

import pytest
from pytest_django import Settings

from backoffice.home import first_hour
from backoffice.tests.desk_world import person, signed_in
from backoffice.tests.salon import Salon, customer
from bookings.models import Business, Hours, Service

pytestmark = pytest.mark.django_db


def ticks() -> list[bool]:
    return [line.done for line in first_hour.lines()]


def test_each_line_is_ticked_by_what_is_there(settings: Settings) -> None:
    assert ticks() == [False] * 7
    Business(name="Willow & Stone").save()
    Hours.objects.create(weekday=0, opens=time(9), closes=time(18))
    Service.objects.create(name="Haircut", duration=timedelta(minutes=30), price=3000, currency="gbp")
    settings.STRIPE_API_BASE = ""
    assert ticks() == [True, True, False, True, True, False, False]


def test_it_goes_when_all_is_done_or_the_business_has_begun(salon: Salon, settings: Settings) -> None:
    salon.book("10:00")
    assert False in ticks()
    settings.STRIPE_API_BASE = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert ticks() == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for number in range(first_hour.BEGUN):
        salon.book(
            "12:00", service=salon.yoga, who=customer(f"Somebody {number}"), day=salon.day + timedelta(number)
        )
    assert first_hour.lines() == []


def test_home_shows_it_to_the_owner(db: None) -> None:
    page = signed_in(person("owner")).get("/admin/").content.decode()
    assert "Your first hour" in page
    assert page.count("To do") >= 5

"""Who can do a service changes: what is booked with them, or without anybody, is seen and looked after."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tests.desk_world import person, signed_in
from backoffice.tests.test_calendar_pages import booked, service_form
from bookings.models import Booking, Resource
from bookings.tests.salon import ask, at, open_salon
from config.tests.world import Customer
from operations.setup import calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(person("manager"))


def test_who_takes_somebody_off_a_service_sees_their_bookings_first(boss: Client, customer: Customer) -> None:
    salon = open_salon(["Ada", "Ben"])
    booking = booked(customer, salon)
    ada, ben = salon.people
    page = reverse("admin:bookings_service_change", args=[salon.cut.pk])
    without = service_form(name="Cut", price="30.00", duration="30", resources=[ben.pk])
    assert booking.reference in boss.post(page, without).content.decode()
    assert ada in salon.cut.resources.all()
    assert boss.post(page, without | {"go_ahead": "on"}).status_code == 302
    assert list(salon.cut.resources.all()) == [ben]
    booking.refresh_from_db()
    assert booking.resource == ada


@pytest.mark.django_db(transaction=True)
def test_who_booked_before_a_service_had_its_people_gets_one_where_it_fits(
    boss: Client, customer: Customer, stranger: Customer
) -> None:
    salon = open_salon([], capacity=2)
    nine = at(salon.monday, 9)
    references = [ask(who, salon.cut, nine)[1]["reference"] for who in (customer, stranger)]
    first, second = (Booking.objects.get(reference=one) for one in references)
    ada = Resource.objects.create(name="Ada")
    page = reverse("admin:bookings_service_change", args=[salon.cut.pk])
    given = service_form(name="Cut", price="30.00", duration="30", resources=[ada.pk])
    assert boss.post(page, given).status_code == 302
    for booking in (first, second):
        booking.refresh_from_db()
    assert (first.resource, second.resource) == (ada, None)
    assert first.occupation is not None
    assert (first.occupation.starts_at, first.occupation.resource) == (nine, ada)
    assert [entry.action for entry in first.audit_entries.order_by("pk")][-1] == "booking.placed"
    told = boss.get(page).content.decode()
    assert "now with somebody: 1" in told
    assert second.reference in told
    (result,) = calendar.places(timezone.now())
    assert (str(result.verdict), result.detail) == ("warning", f"1 have nobody, such as {second.reference}")

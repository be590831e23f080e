"""Setting up: hours, exceptions, holidays, people and services, and the bookings that are in the way."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking, Business, CalendarException, Hours, Resource, Service
from bookings.tests.salon import Salon, ask, at, open_salon
from config.tests.world import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WEEK = "/admin/bookings/hours/week/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(person("manager"))


@pytest.fixture
def salon(db: None) -> Salon:
    return open_salon(["Ada", "Ben"])


def week(**days: str) -> dict[str, str]:
    """Day names to hours such as `monday="9-17"`."""
    given = {}
    for name, times in days.items():
        number = Hours.Weekday[name.upper()].value
        for part, opening in enumerate(times.split()):
            opens, closes = opening.split("-")
            given[f"day{number}_{part}_opens"] = f"{int(opens):02}:00"
            given[f"day{number}_{part}_closes"] = f"{int(closes):02}:00"
    return given


def hours_of(resource: Resource | None) -> list[tuple[int, int, int]]:
    found = Hours.objects.filter(resource=resource).order_by("weekday", "opens")
    return [(one.weekday, one.opens.hour, one.closes.hour) for one in found]


def booked(customer: Customer, salon: Salon, hour: int = 16) -> Booking:
    answer = ask(customer, salon.cut, at(salon.monday, hour), resource=salon.people[0].pk)[1]
    return Booking.objects.get(reference=answer["reference"])


def test_a_week_is_written_as_a_whole(boss: Client, salon: Salon) -> None:
    ada = salon.people[0]
    answer = boss.post(f"{WEEK}?resource={ada.pk}", week(monday="9-12 13-18", friday="20-2"))
    assert answer.status_code == 302
    assert hours_of(ada) == [(0, 9, 12), (0, 13, 18), (4, 20, 2)]
    assert len(hours_of(None)) == 5
    page = boss.get("/admin/bookings/hours/").content.decode()
    assert "09:00 to 12:00, 13:00 to 18:00" in page
    assert "as the business" in page


def test_mondays_hours_are_copied_to_friday_and_saved_only_then(boss: Client, salon: Salon) -> None:
    page = boss.post(WEEK, week(monday="8-14") | {"copy": "1"}).content.decode()
    assert page.count('value="08:00') == 5
    assert hours_of(None)[0] == (0, 9, 17)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day0_0_opens": "09:00"},
        {"day0_0_opens": "zzz", "day0_0_closes": "10:00"},
        {"day0_1_opens": "09:00", "day0_1_closes": "10:00"},
        week(monday="9-12 11-14"),
    ],
)
def test_hours_that_are_none_change_nothing(boss: Client, salon: Salon, wrong: dict[str, str]) -> None:
    answer = boss.post(WEEK, wrong)
    assert answer.status_code == 200
    assert len(hours_of(None)) == 5


def test_who_shortens_the_hours_sees_the_bookings_in_the_way_first(
    boss: Client, salon: Salon, customer: Customer
) -> None:
    booking = booked(customer, salon)
    short = week(monday="9-12")
    page = boss.post(WEEK, short).content.decode()
    assert "1 booking is then in the way" in page
    assert booking.reference in page
    assert len(hours_of(None)) == 5
    assert boss.post(WEEK, short | {"go_ahead": "on"}).status_code == 302
    assert hours_of(None) == [(0, 9, 12)]
    booking.refresh_from_db()
    assert (booking.status, booking.starts_at) == ("pending_payment", at(salon.monday, 16))


def test_closing_a_day_and_retiring_somebody_show_the_bookings_in_the_way(
    boss: Client, salon: Salon, customer: Customer
) -> None:
    booking = booked(customer, salon)
    ada = salon.people[0]
    day = f"{salon.monday}"
    closed = {"first_day": day, "last_day": day, "opens": "", "closes": "", "note": "Snow", "resource": ""}
    new = reverse("admin:bookings_calendarexception_add")
    page = reverse("admin:bookings_resource_change", args=[ada.pk])
    retired = {"name": "Ada", "kind": "person"}
    for address, given in ((new, closed), (page, retired)):
        assert booking.reference in boss.post(address, given).content.decode()
        ada.refresh_from_db()
        assert (CalendarException.objects.count(), ada.is_active) == (0, True)
    for address, given in ((new, closed), (page, retired)):
        assert boss.post(address, given | {"go_ahead": "on"}).status_code == 302
    ada.refresh_from_db()
    assert (CalendarException.objects.count(), ada.is_active) == (1, False)


def test_public_holidays_are_suggested_and_closed_when_ticked(boss: Client, salon: Salon) -> None:
    address = "/admin/bookings/calendarexception/holidays/?country=GB&region=ENG&year=2027"
    page = boss.get(address).content.decode()
    assert "Christmas Day" in page
    assert "Battle of the Boyne" not in page
    for _ in range(2):
        assert boss.post(address, {"day": ["2027-12-25", "2027-01-01"]}).status_code == 302
    closed = CalendarException.objects.order_by("first_day")
    assert [(one.first_day, one.note) for one in closed] == [
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 12, 25), "Christmas Day"),
    ]
    for query in ("country=XX&year=2027", "country=GB&region=BY&year=2027", "country=GB&year=99999"):
        answer = boss.get(f"/admin/bookings/calendarexception/holidays/?{query}")
        assert (answer.status_code, "Days to close" in answer.content.decode()) == (200, False)


def service_form(**change: Any) -> dict[str, Any]:
    usual = {"name": "Colour", "price": "45.00", "currency": "gbp", "duration": "90", "capacity": "1"}
    return usual | {"is_active": "on"} | change


def test_a_service_is_typed_as_people_write(boss: Client, salon: Salon) -> None:
    people = [one.pk for one in salon.people]
    more = {"buffer_after": "15", "lead": "2", "horizon": "60", "refund_notice": "1:30", "resources": people}
    assert boss.post(reverse("admin:bookings_service_add"), service_form(**more)).status_code == 302
    made = Service.objects.get(name="Colour")
    assert (made.price, made.duration) == (4500, timedelta(minutes=90))
    assert (made.buffer_before, made.buffer_after) == (timedelta(0), timedelta(minutes=15))
    assert (made.lead, made.horizon) == (timedelta(hours=2), timedelta(days=60))
    assert (made.refund_notice, made.step) == (timedelta(minutes=90), None)
    assert made.resources.count() == 2
    page = boss.get(reverse("admin:bookings_service_change", args=[made.pk])).content.decode()
    assert 'value="45.00"' in page
    assert 'value="90"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "zzz"),
        ("price", "0.10"),
        ("price", "1e99"),
        ("price", "-5"),
        ("price", "45.001"),
        ("duration", "zzz"),
        ("duration", "0"),
        ("duration", "999999"),
        ("horizon", "999999"),
        ("step", "-1"),
        ("capacity", "0"),
        ("name", ""),
        ("currency", "GBPX"),
        ("currency", "zzz"),
        ("name", "Cut\nand colour"),
        ("name", "Cut\x1b[31m"),
        ("name", "Cut \u202eruoloc"),
    ],
)
def test_what_makes_no_service_is_refused_with_a_reason(
    boss: Client, salon: Salon, field: str, value: str
) -> None:
    answer = boss.post(reverse("admin:bookings_service_add"), service_form(**{field: value}))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert Service.objects.count() == 1


def test_yen_have_no_decimals(boss: Client, salon: Salon) -> None:
    add = reverse("admin:bookings_service_add")
    assert boss.post(add, service_form(price="9899.50", currency="jpy")).status_code == 200
    assert boss.post(add, service_form(price="9899", currency="jpy")).status_code == 302
    assert Service.objects.get(name="Colour").price == 9899


def test_the_business_is_one_page(boss: Client, db: None) -> None:
    Business.objects.all().delete()
    page = boss.get("/admin/bookings/business/").headers["Location"]
    given = {"name": "Salon", "time_zone": "Europe/London", "currency": "gbp", "website": "salon.example"}
    given |= {"step": "20", "lead": "1", "horizon": "90"}
    given |= {"remind_hours_before": "3", "remind_hours_before_free_ends": "6"}
    answer = boss.post(page, given)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    business = Business.objects.get()
    assert (business.step, business.horizon) == (timedelta(minutes=20), timedelta(days=90))
    assert "no time zone" in boss.post(page, given | {"time_zone": "Mars"}).content.decode()


BUSINESS = {"time_zone": "Europe/London", "currency": "gbp", "step": "20", "lead": "1", "horizon": "90"}
BUSINESS |= {"remind_hours_before": "3", "remind_hours_before_free_ends": "6"}


def test_no_text_of_the_desk_holds_control_characters(boss: Client, salon: Salon) -> None:
    business = reverse("admin:bookings_business_change", args=[Business.ONLY])
    Business.objects.get_or_create(pk=Business.ONLY)
    given = BUSINESS | {"name": "Salon", "address": "1 High Street\nLondon"}
    for field, value in {"name": "Sa\x1b[31mlon", "phone": "020\n7946", "address": "1 \u202eteertS"}.items():
        refused = boss.post(business, given | {field: value})
        assert list(refused.context["adminform"].form.errors) == [field]
    assert boss.post(business, given).status_code == 302
    refused = boss.post(reverse("admin:bookings_resource_add"), {"name": "Ada\nBob", "kind": "person"})
    assert list(refused.context["adminform"].form.errors) == ["name"]


@pytest.mark.parametrize("role", ["viewer", "refunds", "reception"])
def test_others_only_look(salon: Salon, role: str) -> None:
    somebody = signed_in(person(role))
    assert somebody.post(WEEK, week(monday="1-2")).status_code == 403
    assert somebody.get("/admin/bookings/calendarexception/holidays/").status_code == 403
    assert somebody.post(reverse("admin:bookings_resource_add"), {"name": "Eve"}).status_code == 403
    assert somebody.post("/admin/bookings/business/1/change/", {"name": "Mine"}).status_code in (302, 403)
    assert Hours.objects.filter(opens=time(1)).count() == 0
    assert Business.objects.get().name == "Salon"

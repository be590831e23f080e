"""The snow day in the admin: a dry run, the count typed, and a double click is one closure."""

import uuid
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking, CalendarException, Resource, Service
from config.tests.world import Customer, run_workers
from refunds.models import RefundRecord
from refunds.models.closures import Closure, ClosureItem, Outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
BEGIN = "/admin/refunds/closure/begin/"
IN = timedelta(hours=48)


@pytest.fixture
def day(customer: Customer, service: Service) -> list[Booking]:
    """Two paid bookings at the same time in two days."""
    Service.objects.update(capacity=2)
    return [customer.book_and_pay(service, starts_in=IN) for _ in range(2)]


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(person("manager"))


def address(day: list[Booking]) -> str:
    return f"{BEGIN}?day={timezone.localtime(day[0].starts_at):%Y-%m-%d}"


def form(bookings: list[Booking], **change: Any) -> dict[str, Any]:
    ticked = [str(booking.pk) for booking in bookings]
    wish = {"key": str(uuid.uuid4()), "count": len(bookings), "reason": "Snow"}
    return {"choose": "1", "booking": ticked, **wish, **change}


def test_the_dry_run_tells_all_and_changes_nothing(boss: Client, day: list[Booking]) -> None:
    page = boss.get(address(day)).content.decode()
    assert all(booking.reference in page for booking in day)
    assert "2 bookings" in page
    assert "£90.00 would go back" in page
    assert not Closure.objects.exists()


def test_what_is_unticked_stays(boss: Client, day: list[Booking]) -> None:
    page = boss.get(f"{address(day)}&choose=1&booking={day[0].pk}").content.decode()
    assert "1 booking</strong>, £45.00 would go back" in page
    boss.post(address(day), form(day[:1]))
    run_workers()
    assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["cancelled", "confirmed"]


def test_with_the_count_typed_it_runs_and_its_page_shows_what_came_of_it(
    boss: Client, day: list[Booking]
) -> None:
    answer = boss.post(address(day), form(day))
    closure = Closure.objects.get()
    assert answer.headers["Location"] == reverse("admin:refunds_closure_change", args=[closure.pk])
    assert "0 of 2 done" in boss.get(answer.headers["Location"]).content.decode()
    run_workers()
    page = boss.get(answer.headers["Location"]).content.decode()
    assert "2 of 2 done" in page
    assert page.count("business cancelled") == 2


def test_a_wrong_count_begins_nothing(boss: Client, day: list[Booking]) -> None:
    answer = boss.post(address(day), form(day, count=3))
    assert "There are 2 bookings now" in answer.content.decode()
    assert not Closure.objects.exists()


def test_a_double_click_is_one_closure(boss: Client, day: list[Booking]) -> None:
    sent = form(day)
    for _ in range(2):
        assert boss.post(address(day), sent).status_code == 302
    run_workers()
    assert (Closure.objects.count(), RefundRecord.objects.count()) == (1, 2)


def test_it_takes_the_permission_and_the_csrf_token(day: list[Booking]) -> None:
    viewer = signed_in(person("viewer"))
    assert viewer.get(address(day)).status_code == 403
    assert viewer.post(address(day), form(day)).status_code == 403
    assert signed_in(person("manager"), checks_csrf=True).post(address(day), form(day)).status_code == 403
    assert not Closure.objects.exists()


def test_what_failed_is_tried_again_on_post_only(boss: Client, day: list[Booking]) -> None:
    boss.post(address(day), form(day))
    closure = Closure.objects.get()
    ClosureItem.objects.update(outcome=Outcome.FAILED)
    resume = reverse("admin:refunds_closure_resume", args=[closure.pk])
    assert boss.get(resume).status_code == 404
    assert boss.post(resume).status_code == 302
    run_workers()
    assert set(closure.items.values_list("outcome", flat=True)) == {"cancelled"}


def test_one_booking_is_cancelled_from_its_own_page(boss: Client, day: list[Booking]) -> None:
    url = reverse("admin:bookings_booking_do", args=[day[0].pk, "cancel"])
    sent = {"seen": "confirmed:", "reason": "Ill"}
    assert [boss.post(url, sent).status_code for _ in range(2)] == [302, 409]
    record = RefundRecord.objects.get()
    assert (record.rule, record.amount, record.reason) == ("business_cancelled", 4500, "Ill")


def test_the_time_is_closed_before_anybody_is_cancelled(
    boss: Client, day: list[Booking], stranger: Customer
) -> None:
    boss.post(address(day), form(day))
    assert Booking.objects.filter(status="confirmed").count() == 2
    wish = {"service": day[0].service_id, "starts_at": (day[0].starts_at + timedelta(minutes=1)).isoformat()}
    assert stranger.post("booking/", wish, status=409)["code"] == "not_offered"
    closed = CalendarException.objects.get()
    assert (closed.first_day, closed.last_day, closed.is_closed) == (*[day[0].starts_at.date()] * 2, True)
    assert Closure.objects.get().closed == closed


def test_what_was_booked_meanwhile_is_looked_at_first(
    boss: Client, day: list[Booking], stranger: Customer
) -> None:
    Service.objects.update(capacity=3)
    stranger.book(day[0].service, starts_in=IN)
    answer = boss.post(address(day), form(day, looked="1", shown=[booking.pk for booking in day]))
    assert "Meanwhile more was booked" in answer.content.decode()
    assert not Closure.objects.exists()
    assert not CalendarException.objects.exists()


def test_some_hours_of_one_person_can_be_closed_and_a_day_without_bookings(
    boss: Client, day: list[Booking]
) -> None:
    ada = Resource.objects.create(name="Ada")
    hours = f"{address(day)}&opens=22:00&closes=01:30&resource={ada.pk}"
    page = boss.get(hours).content.decode()
    assert "22:00 to 01:30, Ada is closed" in page
    assert "There is nothing to cancel in it" in page
    sent = form([], opens="22:00", closes="01:30", resource=ada.pk)
    assert boss.post(hours, sent).status_code == 302
    closed = CalendarException.objects.get()
    assert (closed.resource, closed.opens, closed.closes) == (ada, time(22), time(1, 30))
    run_workers()
    assert Booking.objects.filter(status="confirmed").count() == 2


def test_a_time_that_is_none_is_asked_for_again(boss: Client, day: list[Booking]) -> None:
    for wrong in (
        "&opens=10:00",
        "&last_day=2020-01-01",
        "&opens=x&closes=y",
        "&resource=99",
        "&last_day=9999-12-31",
    ):
        assert "Show the dry run" in boss.get(address(day) + wrong).content.decode()

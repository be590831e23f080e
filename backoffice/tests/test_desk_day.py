"""The day at the desk: moving with its quote, arrived, not come, notes, and the two ways to cancel."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from backoffice.tests.desk_world import person, signed_in
from backoffice.tests.salon import Salon, customer
from bookings.models import Booking, Message
from config.tests.world import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception(salon: Salon) -> Client:
    return signed_in(person("reception"))


@pytest.fixture
def clerk(db: None) -> Client:
    """Reception of a business that is always open."""
    return signed_in(person("reception"))


def move_url(booking: Booking) -> str:
    return f"/admin/agenda/move/{booking.reference}/"


def do(client: Client, booking: Booking, action: str, **given: Any) -> Any:
    booking.refresh_from_db()
    form = {"seen": f"{booking.status}:", **given}
    return client.post(f"/admin/bookings/booking/{booking.pk}/do/{action}/", form)


def begun(booking: Booking, *, ago: timedelta = timedelta(minutes=10)) -> None:
    """Some time has passed: the appointment has begun."""
    length = booking.ends_at - booking.starts_at
    starts_at = timezone.now() - ago
    Booking.objects.filter(pk=booking.pk).update(starts_at=starts_at, ends_at=starts_at + length)


def hidden(page: str) -> dict[str, str]:
    """The form that would move it, as the page has it."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_moving_is_shown_before_it_is_done(reception: Client, salon: Salon) -> None:
    booking = salon.book("10:00", resource=salon.anna)
    asked: dict[str, str | int] = {"day": salon.day.isoformat(), "time": "14:30", "resource": salon.ben.pk}
    page = reception.get(move_url(booking), asked).content.decode()
    for words in ("10:00, Anna", "14:30, Ben", "Everything back until, then"):
        assert words in page
    booking.refresh_from_db()
    assert booking.starts_at == salon.at("10:00")
    assert reception.post(move_url(booking), hidden(page)).status_code == 302
    booking.refresh_from_db()
    assert (booking.starts_at, booking.resource) == (salon.at("14:30"), salon.ben)
    assert Message.objects.filter(booking=booking, kind="booking_moved").exists()
    assert reception.post(move_url(booking), hidden(page)).status_code in (302, 409)
    booking.refresh_from_db()
    assert booking.moves == 1


def test_a_move_to_where_it_can_t_go_says_why_and_moves_nothing(reception: Client, salon: Salon) -> None:
    booking = salon.book("10:00", resource=salon.anna)
    salon.book("14:00", resource=salon.anna, who=customer("Grace Hopper"))
    for clock, why in (("14:15", "Somebody else has that time."), ("21:00", "It is closed then.")):
        asked: dict[str, str | int] = {"day": salon.day.isoformat(), "time": clock, "resource": salon.anna.pk}
        page = reception.get(move_url(booking), asked).content.decode()
        assert why in page
        assert "Move it" not in page
        assert reception.post(move_url(booking), asked).status_code == 409
    booking.refresh_from_db()
    assert booking.starts_at == salon.at("10:00")


@pytest.mark.parametrize(
    "bad", [{"day": "soon"}, {"time": "25:00"}, {"resource": "999"}, {"day": "2020-01-01"}], ids=str
)
def test_a_move_to_nowhere_changes_nothing(reception: Client, salon: Salon, bad: dict[str, str]) -> None:
    booking = salon.book("10:00")
    asked = {"day": salon.day.isoformat(), "time": "14:00", **bad}
    assert reception.get(move_url(booking), asked).status_code == 200
    assert reception.post(move_url(booking), asked).status_code == 409
    booking.refresh_from_db()
    assert booking.moves == 0


def test_a_booking_that_isn_t_there_is_not_found(reception: Client) -> None:
    for reference in ("BK-22222222", "nonsense"):
        assert reception.get(f"/admin/agenda/move/{reference}/").status_code == 404


def test_arrived_is_one_click_from_the_agenda_and_is_taken_back(reception: Client, salon: Salon) -> None:
    booking = salon.book("10:00")
    answer = do(reception, booking, "arrived", **{"from": "agenda"})
    assert answer["Location"] == f"/admin/agenda/?day={salon.day}"
    booking.refresh_from_db()
    assert booking.arrived_at is not None
    assert "Arrived" in reception.get(answer["Location"]).content.decode()
    do(reception, booking, "not-arrived")
    booking.refresh_from_db()
    assert booking.arrived_at is None


def test_who_did_not_come_is_marked_after_the_start_and_taken_back_for_a_week(
    reception: Client, salon: Salon
) -> None:
    booking = salon.book("10:00")
    assert do(reception, booking, "no-show").status_code == 409
    begun(booking)
    assert do(reception, booking, "no-show").status_code == 302
    booking.refresh_from_db()
    assert booking.status == "no_show"
    assert not booking.refunds.exists()
    begun(booking, ago=timedelta(days=8))
    assert do(reception, booking, "came").status_code == 409
    begun(booking, ago=timedelta(days=6))
    assert do(reception, booking, "came").status_code == 302
    booking.refresh_from_db()
    assert booking.status == "completed"


def test_a_note_is_for_staff_and_stays_out_of_the_trail(reception: Client, salon: Salon) -> None:
    booking = salon.book("10:00")
    do(reception, booking, "note", note="Allergic to nuts")
    booking.refresh_from_db()
    assert booking.note == "Allergic to nuts"
    assert not any("nuts" in str(entry.detail) for entry in booking.audit_entries.all())


def test_cancelling_on_the_customer_s_wish_gives_back_what_the_terms_give(
    clerk: Client, customer: Customer, paid: Booking
) -> None:
    page = clerk.get(f"/admin/bookings/booking/{paid.pk}/do/cancel-on-wish/").content.decode()
    assert "£45.00 goes back now, by the terms of this booking." in page
    wrong = do(clerk, paid, "cancel-on-wish", expected="4400", reason="Ill")
    assert wrong.status_code == 409
    assert do(clerk, paid, "cancel-on-wish", expected="4500", reason="Ill").status_code == 302
    assert [(record.rule, record.amount) for record in paid.refunds.all()] == [("in_time", 4500)]


def test_too_late_nothing_goes_back_on_wish_and_everything_for_the_business(
    clerk: Client, customer: Customer, paid: Booking
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    Booking.objects.filter(pk=paid.pk).update(
        starts_at=soon, ends_at=soon + timedelta(hours=1), refundable_until=soon - timedelta(hours=12)
    )
    page = clerk.get(f"/admin/bookings/booking/{paid.pk}/do/cancel-on-wish/").content.decode()
    assert "Nothing goes back now" in page
    assert do(clerk, paid, "cancel", reason="Snow").status_code == 302
    assert [(record.rule, record.amount) for record in paid.refunds.all()] == [("business_cancelled", 4500)]


def test_who_may_only_look_changes_nothing(salon: Salon) -> None:
    booking, client = salon.book("10:00"), signed_in(person("viewer"))
    for action in ("arrived", "not-arrived", "no-show", "came", "note", "cancel-on-wish"):
        assert do(client, booking, action, note="x", expected="0").status_code == 403
    assert client.post(move_url(booking), {}).status_code == 403


def test_reception_begins_with_the_day_and_the_owner_at_home(reception: Client, salon: Salon) -> None:
    assert reception.get("/admin/")["Location"] == "/admin/agenda/"
    assert signed_in(person("owner")).get("/admin/").status_code == 200


def test_own_diary_is_one_column_without_money(salon: Salon) -> None:
    anna = person("own diary", "anna")
    client = signed_in(anna)
    assert client.get("/admin/agenda/").status_code == 403
    salon.anna.user = User.objects.get(pk=anna.pk)
    salon.anna.save()
    salon.book("10:00", resource=salon.anna)
    salon.book("11:00", resource=salon.ben, who=customer("Grace Hopper"))
    of_ben = {"day": salon.day.isoformat(), "who": str(salon.ben.pk)}
    page = client.get("/admin/agenda/", of_ben).content.decode()
    assert "Ada Lovelace" in page
    for hidden_words in ("Grace Hopper", "£38.00", "+442079460001", "New appointment"):
        assert hidden_words not in page

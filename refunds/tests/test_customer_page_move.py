"""Moving an appointment from its page: what is free is offered, the terms are shown, it is moved once."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from bookings import links
from bookings.models import Booking, Business, Message
from config.tests.world import TOO_LATE, Customer, run_workers
from refunds.tests.test_customer_page import see, text

pytestmark = pytest.mark.once


@pytest.fixture
def visitor(db: None) -> Client:
    Business(name="Ada's Salon", time_zone="America/New_York").save()
    return Client(enforce_csrf_checks=True)


def offered(page: str) -> list[str]:
    return re.findall(r'name="starts_at" value="([^"]+)"', page)


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def choose(visitor: Client, booking: Booking) -> tuple[datetime, dict[str, str]]:
    """Go to the page, take the last time that it offers three days on, and look at the terms."""
    first = (timezone.now() + timedelta(days=3)).date().isoformat()
    times = offered(visitor.get(links.local(booking, "move/", **{"from": first})).content.decode())
    terms = visitor.get(links.local(booking, "move/", starts_at=times[-1]))
    assert terms.status_code == 200
    return datetime.fromisoformat(times[-1]), fields(terms.content.decode())


def test_an_offered_time_is_shown_with_its_terms_and_then_taken(visitor: Client, paid: Booking) -> None:
    starts_at, agreed = choose(visitor, paid)
    answer = visitor.post(links.local(paid, "move/"), agreed)
    assert answer.status_code == 302
    assert "Your appointment is moved." in text(visitor.get(answer["Location"]).content.decode())
    paid.refresh_from_db()
    assert (paid.starts_at, paid.status, paid.moves) == (starts_at, "confirmed", 1)
    run_workers()
    assert str(mail.outbox[-1].subject).startswith("Moved: Deep clean")
    assert f"{starts_at.astimezone(Business.current().zone):%-d %B %Y, %H:%M}" in str(mail.outbox[-1].body)


def test_sending_the_form_twice_moves_once(visitor: Client, paid: Booking) -> None:
    _, agreed = choose(visitor, paid)
    for _ in range(2):
        assert visitor.post(links.local(paid, "move/"), agreed).status_code == 302
    paid.refresh_from_db()
    assert paid.moves == 1


def test_a_time_that_was_taken_meanwhile_moves_nothing(
    visitor: Client, paid: Booking, stranger: Customer
) -> None:
    starts_at, agreed = choose(visitor, paid)
    stranger.post("booking/", {"service": paid.service_id, "starts_at": starts_at.isoformat()}, status=201)
    answer = visitor.post(links.local(paid, "move/"), agreed)
    assert answer.status_code == 409
    paid.refresh_from_db()
    assert paid.moves == 0


def test_other_terms_than_were_shown_move_nothing(visitor: Client, paid: Booking) -> None:
    _, agreed = choose(visitor, paid)
    answer = visitor.post(
        links.local(paid, "move/"), agreed | {"expected_refundable_until": "2026-01-01T00:00:00+00:00"}
    )
    assert answer.status_code == 409
    assert "The terms have changed." in text(answer.content.decode())
    paid.refresh_from_db()
    assert paid.moves == 0


def test_who_is_too_late_to_cancel_is_too_late_to_move(
    visitor: Client, customer: Customer, paid: Booking
) -> None:
    late = customer.book_and_pay(paid.service, starts_in=TOO_LATE)
    assert "It can't be moved any more" in see(visitor, late, "move/", status=409)
    assert visitor.post(links.local(late, "move/"), {"starts_at": "x"}).status_code == 409


@pytest.mark.parametrize(
    "odd", ["", "x", "2026-13-45T99:99:99Z", "2026-12-01T10:00:00", "9" * 500, "\U0001f600"]
)
def test_what_is_no_time_is_asked_again(visitor: Client, paid: Booking, odd: str) -> None:
    assert visitor.get(links.local(paid, "move/", starts_at=odd)).status_code == 400
    assert visitor.post(links.local(paid, "move/"), {"starts_at": odd}).status_code == 400
    assert visitor.get(links.local(paid, "move/", **{"from": odd})).status_code == 200


def test_old_reminders_fall_away_and_new_ones_come(visitor: Client, paid: Booking) -> None:
    _, agreed = choose(visitor, paid)
    visitor.post(links.local(paid, "move/"), agreed)
    paid.refresh_from_db()
    about = f"{paid.starts_at:%Y%m%dT%H%M%S}"
    reminders = Message.objects.filter(booking=paid, kind__startswith="reminder", sent_at=None)
    assert {m.kind for m in reminders if about in m.key} == {
        "reminder_day",
        "reminder_hours",
        "reminder_free_cancellation",
    } - ({"reminder_hours"} if not reminders.filter(kind="reminder_hours", key__contains=about) else set())

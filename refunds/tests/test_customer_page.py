"""The page of a booking, for whoever holds its link: see, cancel, fetch, decline; for others nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import Settings

from bookings import links
from bookings.models import Booking, Business, NoReminders
from config.tests.world import Customer, Postman, run_workers

pytestmark = pytest.mark.once


@pytest.fixture
def visitor(db: None) -> Client:
    """A browser that was never here: no sign-in, no cookies."""
    business = Business(name="Ada's Salon", address="12 High Street", time_zone="America/New_York")
    business.save()
    return Client(enforce_csrf_checks=True)


def text(page: str) -> str:
    """What is read on a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").replace("&#x27;", "'").split())


def see(visitor: Client, booking: Booking, path: str = "", *, status: int = 200, language: str = "en") -> str:
    answer = visitor.get(links.local(booking, path), headers={"Accept-Language": language})
    assert answer.status_code == status, answer.content
    return text(answer.content.decode())


def test_it_shows_what_was_booked_where_and_when(visitor: Client, paid: Booking) -> None:
    shown = see(visitor, paid)
    local = paid.starts_at.astimezone(Business.current().zone)
    for said in (
        "Deep clean",
        "Confirmed",
        "12 High Street",
        "£45.00",
        f"{local:%-d %B %Y}",
        "You have paid.",
    ):
        assert said in shown


def test_cancelling_shows_the_amount_first_and_then_gives_it_back(
    visitor: Client, paid: Booking, postman: Postman
) -> None:
    assert "Cancel and get £45.00 back" in see(visitor, paid, "cancel/")
    answer = visitor.post(links.local(paid, "cancel/"), {"expected_refund": "4500"})
    assert answer.status_code == 302
    shown = text(visitor.get(answer["Location"]).content.decode())
    assert "Your booking is cancelled." in shown
    assert "We are sending £45.00 back to your card." in shown
    run_workers()
    postman.deliver()
    assert "£45.00 was sent back to your card" in see(visitor, paid)
    paid.refresh_from_db()
    assert (paid.status, paid.refunds.get().status) == ("cancelled", "succeeded")
    entry = paid.audit_entries.get(action="booking.cancelled")
    assert (entry.actor, entry.source) == (f"customer:{paid.customer_id}", "page")


@pytest.mark.parametrize("expected", ["0", "4499", "", "x", "9" * 400, "-1", "٤٥"])
def test_another_amount_than_was_shown_cancels_nothing(visitor: Client, paid: Booking, expected: str) -> None:
    answer = visitor.post(links.local(paid, "cancel/"), {"expected_refund": expected})
    assert answer.status_code == 409
    paid.refresh_from_db()
    assert paid.status == "confirmed"


def test_cancelling_twice_is_once(visitor: Client, paid: Booking) -> None:
    for _ in range(2):
        visitor.post(links.local(paid, "cancel/"), {"expected_refund": "4500"})
    assert paid.refunds.count() == 1
    assert "It can't be cancelled any more" in see(visitor, paid, "cancel/", status=409)


def test_looking_changes_nothing(visitor: Client, paid: Booking) -> None:
    for path in ("", "cancel/", "reminders/", "calendar.ics", "receipt.pdf"):
        for method in (visitor.get, visitor.head):
            assert method(links.local(paid, path)).status_code == 200
    paid.refresh_from_db()
    assert (paid.status, NoReminders.objects.count()) == ("confirmed", 0)


@pytest.mark.parametrize("path", ["", "cancel/", "reminders/", "calendar.ics", "receipt.pdf"])
@pytest.mark.parametrize("key", ["", "x", "é" * 50, "a" * 5000, "\U0001f600"])
def test_a_wrong_key_opens_nothing(visitor: Client, paid: Booking, path: str, key: str) -> None:
    for answer in (
        visitor.get(f"/b/{paid.reference}/{path}", {"k": key}),
        visitor.get(f"/b/BK-22222222/{path}", {"k": key}),
    ):
        assert answer.status_code == 404
        assert paid.service_name not in answer.content.decode()


def test_a_key_opens_its_own_booking_only(
    visitor: Client, paid: Booking, customer: Customer, stranger: Customer
) -> None:
    other = stranger.book(paid.service, starts_in=timedelta(hours=96))
    mixed = links.local(other).replace(other.reference, paid.reference)
    assert visitor.get(mixed).status_code == 404


def test_a_link_is_good_until_30_days_after_the_end(visitor: Client, paid: Booking) -> None:
    for days, status in ((29, 200), (31, 404)):
        ended = timezone.now() - timedelta(days=days)
        Booking.objects.filter(pk=paid.pk).update(starts_at=ended - timedelta(hours=1), ends_at=ended)
        assert visitor.get(links.local(paid)).status_code == status


def test_nothing_is_kept_passed_on_or_found_by_search_engines(visitor: Client, paid: Booking) -> None:
    for answer in (visitor.get(links.local(paid)), visitor.get(f"/b/{paid.reference}/")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not answer.cookies


def test_too_many_requests_wait(visitor: Client, paid: Booking, settings: Settings) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "booking_page": "3/hour"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("refunds.customer_page.access.PagesByAddress.THROTTLE_RATES", rates)
        answers = [visitor.get(f"/b/{paid.reference}/", {"k": "x"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_it_hands_out_calendar_file_and_receipt(visitor: Client, paid: Booking) -> None:
    file = visitor.get(links.local(paid, "calendar.ics"))
    assert Calendar.from_ical(file.content).events[0].start == paid.starts_at
    assert visitor.get(links.local(paid, "receipt.pdf")).content.startswith(b"%PDF")


def test_reminders_can_be_declined_and_taken_up_again(visitor: Client, paid: Booking) -> None:
    visitor.post(links.local(paid, "reminders/"), {"wanted": "no"})
    assert NoReminders.objects.filter(customer=paid.customer_id).exists()
    assert "You get no reminders from us." in see(visitor, paid)
    visitor.post(links.local(paid, "reminders/"), {"wanted": "yes"})
    assert not NoReminders.objects.exists()


def test_a_mail_programs_own_button_declines_and_can_do_nothing_else(visitor: Client, paid: Booking) -> None:
    address = links.decline(paid).removeprefix("https://testserver")
    assert visitor.get(address).status_code == 200
    assert not NoReminders.objects.exists()
    assert visitor.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoReminders.objects.exists()
    assert visitor.get(address.replace("reminders/", "")).status_code == 404


@pytest.mark.parametrize(
    ("code", "said"),
    [("de", "Stornieren"), ("fr", "Annuler"), ("es", "Cancelar")],
)
def test_it_speaks_the_visitors_language(visitor: Client, paid: Booking, code: str, said: str) -> None:
    for path in ("", "cancel/"):
        assert said in see(visitor, paid, path, language=code)


def test_names_are_text_and_not_html(visitor: Client, paid: Booking) -> None:
    Booking.objects.filter(pk=paid.pk).update(service_name="<script>x</script>")
    assert "<script>" not in visitor.get(links.local(paid)).content.decode()

"""The calendar file: one event with the same name for ever, which calendars change and take out again."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.calendar import calendar_file
from bookings.models import Booking, Business
from config.tests.world import Customer

pytestmark = pytest.mark.once

ODD = Business(
    name='Ada, "Büro" & Söhne; Ltd',
    address="1 High Street\\\nLondon, N1; UK",
    email="hello@ada.example",
)


def lines_of(file: bytes) -> dict[str, str]:
    """Read by hand, as RFC 5545 says: lines are unfolded, names have parameters, texts are escaped."""
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    unfolded = file.decode().replace("\r\n ", "").split("\r\n")
    event = unfolded[unfolded.index("BEGIN:VEVENT") + 1 : unfolded.index("END:VEVENT")]
    found = {}
    for line in event:
        name, _, value = line.partition(":")
        found[name.partition(";")[0]] = unescaped(value)
    return found


def unescaped(value: str) -> str:
    letters, plain = iter(value), ""
    for letter in letters:
        after = next(letters) if letter == "\\" else None
        plain += letter if after is None else {"n": "\n", "N": "\n"}.get(after, after)
    return plain


def test_both_parsers_read_what_was_booked(paid: Booking) -> None:
    paid.service_name = "Cut; colour, wash \\ go " + "ü" * 80
    file = calendar_file.of(paid, ODD, now=timezone.now())
    (event,) = Calendar.from_ical(file).events
    by_hand = lines_of(file)
    assert event["summary"] == by_hand["SUMMARY"] == f"{paid.service_name} · {ODD.name}"
    assert event["location"] == by_hand["LOCATION"] == "1 High Street\\, London, N1; UK"
    assert event.start == paid.starts_at
    assert datetime.strptime(by_hand["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == paid.starts_at
    assert event.end == paid.ends_at
    assert str(event["organizer"]) == "mailto:hello@ada.example"
    assert f"/b/{paid.reference}/?k=" in by_hand["URL"]


def test_a_change_keeps_the_name_and_raises_the_number(customer: Customer, paid: Booking) -> None:
    first = lines_of(calendar_file.of(paid, ODD, now=timezone.now()))
    paid.moves += 1
    moved = lines_of(calendar_file.of(paid, ODD, now=timezone.now()))
    paid.status = "cancelled"
    gone = calendar_file.of(paid, ODD, now=timezone.now())
    assert first["UID"] == moved["UID"] == lines_of(gone)["UID"]
    assert [int(e["SEQUENCE"]) for e in (first, moved, lines_of(gone))] == [0, 1, 2]
    assert (first["STATUS"], lines_of(gone)["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert Calendar.from_ical(gone)["method"] == "CANCEL"


def test_a_customer_fetches_their_own_file_and_nobody_elses(
    customer: Customer, stranger: Customer, paid: Booking
) -> None:
    address = f"/api/v1/booking/{paid.reference}/calendar.ics"
    answer = customer.api.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert Calendar.from_ical(answer.content).events[0].start == paid.starts_at
    assert stranger.api.get(address).json()["code"] == "not_found"

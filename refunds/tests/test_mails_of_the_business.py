"""Mails are the business's own: who, what, when, where, on what terms, a link, a calendar file, a receipt."""

from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from bookings import links
from bookings.models import Booking, Business, Service
from config.tests.world import Customer, Postman, run_workers

pytestmark = pytest.mark.once

LANGUAGES = {
    "en": ("Confirmed: Deep clean", "Hello Ada,", "Price: £45.00", "See, move or cancel"),
    "de": ("Bestätigt: Deep clean", "Guten Tag Ada,", "Preis: 45,00 £", "Ansehen, verlegen oder stornieren"),
    "fr": ("Confirmé : Deep clean", "Bonjour Ada,", "Prix: 45,00 £GB", "Voir, déplacer ou annuler"),
    "es": ("Confirmado: Deep clean", "Hola, Ada:", "Precio: 45,00 GBP", "Ver, cambiar o cancelar"),
}


@pytest.fixture
def salon(db: None) -> Business:
    business = Business(
        name="Ada's Salon",
        address="12 High Street\nLondon N1 1AA",
        phone="020 7946 0000",
        email="hello@ada.example",
        time_zone="Europe/London",
    )
    business.save()
    return business


@pytest.fixture
def ada(salon: Business, customer: Customer) -> Customer:
    customer.user.name = "Ada"
    customer.user.save()
    return customer


def parsed(sent: mail.EmailMessage) -> Parsed:
    """The mail as a mail program reads it."""
    read = message_from_bytes(sent.message().as_bytes(), policy=default)
    assert isinstance(read, Parsed)
    return read


def files(sent: mail.EmailMessage) -> dict[str, Parsed]:
    return {part.get_filename() or "": part for part in parsed(sent).iter_attachments()}


def appointment_in(sent: mail.EmailMessage) -> Any:
    return Calendar.from_ical(files(sent)["appointment.ics"].get_content())


def plain(text: object) -> str:
    return str(text).replace("\xa0", " ").replace("\u202f", " ")


def test_a_confirmation_says_all_that_one_needs(ada: Customer, service: Service) -> None:
    booking = ada.book_and_pay(service)
    run_workers()
    sent = mail.outbox[0]
    read = parsed(sent)
    assert read["From"] == "Ada's Salon <bookings@localhost>"
    assert read["Reply-To"] == "hello@ada.example"
    html = plain(read.get_body(("html",)).get_content())  # type: ignore[union-attr]
    for text in (plain(sent.body), html):
        for said in ("Deep clean, 1 hour 30 minutes", "12 High Street", "£45.00", "everything back"):
            assert said in text
        assert f"{booking.starts_at:%Y}" in text
    assert links.page(booking) in str(sent.body)
    assert f'href="{links.page(booking)}"' in html.replace("&amp;", "&")


def test_calendar_file_and_receipt_are_attached(ada: Customer, service: Service) -> None:
    booking = ada.book_and_pay(service)
    run_workers()
    attached = files(mail.outbox[0])
    file = attached["appointment.ics"]
    assert file.get_content_type() == "text/calendar"
    assert file["Content-Type"].params["method"] == "PUBLISH"
    assert Calendar.from_ical(file.get_content()).events[0].start == booking.starts_at
    assert attached[f"{booking.reference}.pdf"].get_content().startswith(b"%PDF")


def test_a_cancellation_takes_it_out_of_the_calendar_again(
    ada: Customer, service: Service, postman: Postman
) -> None:
    booking = ada.book_and_pay(service)
    run_workers()
    ada.cancel(booking)
    run_workers()
    postman.deliver()
    run_workers()
    confirmed, cancelled, refunded = mail.outbox
    before, after = (appointment_in(sent) for sent in (confirmed, cancelled))
    assert (after["method"], after.events[0]["status"]) == ("CANCEL", "CANCELLED")
    assert after.events[0]["uid"] == before.events[0]["uid"]
    assert after.events[0]["sequence"] > before.events[0]["sequence"]
    assert f"{booking.reference}.pdf" in files(refunded)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_mail_speaks_the_accounts_language(ada: Customer, service: Service, code: str) -> None:
    ada.user.language = code
    ada.user.save()
    ada.book_and_pay(service)
    run_workers()
    sent = mail.outbox[0]
    subject, *said = LANGUAGES[code]
    assert plain(sent.subject).startswith(subject)
    for words in said:
        assert words in plain(sent.body)


def test_without_an_account_language_it_is_that_of_the_request(ada: Customer, service: Service) -> None:
    ada.api.credentials(HTTP_ACCEPT_LANGUAGE="fr-CH", HTTP_AUTHORIZATION=ada.headers["Authorization"])
    ada.book_and_pay(service)
    run_workers()
    assert plain(mail.outbox[0].subject).startswith("Confirmé")


def test_a_service_renamed_after_the_sale_is_told_as_it_was_sold(ada: Customer, service: Service) -> None:
    ada.book_and_pay(service)
    service.name = "Something else"
    service.save()
    run_workers()
    assert "Deep clean" in str(mail.outbox[0].subject)
    assert "Something else" not in str(mail.outbox[0].body)


def test_a_name_with_a_line_end_makes_no_header(ada: Customer, service: Service) -> None:
    booking = ada.book_and_pay(service)
    Booking.objects.filter(pk=booking.pk).update(service_name="Cut\nBcc: eve@example.com")
    run_workers()
    assert parsed(mail.outbox[0])["Bcc"] is None
    assert "Cut Bcc: eve@example.com" in str(mail.outbox[0].subject)

"""Lists, pages and confirmations say whose money it is, for what, why, and what to do now."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from backoffice.reconciliation import ADVICE as FINDINGS
from backoffice.refunds import words as refund_words
from backoffice.tests.desk_browser import list_of, url_of
from backoffice.tests.desk_world import action_url, person, signed_in
from backoffice.toolkit.sold import called
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer
from refunds.models import Finding, RefundRecord, RefundStatus
from refunds.staff import actions as staff_actions

pytestmark = pytest.mark.django_db
LISTS = (
    "bookings_booking",
    "bookings_auditentry",
    "payments_payment",
    "payments_paymenttransaction",
    "refunds_refundrecord",
)


@pytest.fixture
def ada(customer: Customer) -> User:
    customer.user.name = "Ada Lovelace"
    customer.user.save()
    return customer.user


def shown(client: Client, address: str) -> str:
    """What a page says, without its tags."""
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("model", LISTS)
def test_a_list_says_whose_and_which_appointment(ada: User, failed: RefundRecord, model: str) -> None:
    words = shown(signed_in(person("viewer")), list_of(model))
    assert "Ada Lovelace" in words
    assert "Deep clean" in words
    assert failed.booking.reference in words


def test_who_has_no_name_is_called_by_their_address() -> None:
    assert called(User(username="u1", email="a@example.com")) == "a@example.com"
    assert called(User(username="u1")) == "u1"
    assert called(None) == "-"


def test_a_refund_s_page_begins_with_what_happened_and_what_to_do(ada: User, failed: RefundRecord) -> None:
    words = shown(signed_in(person("refunds")), url_of(failed))
    assert "The bank of Ada Lovelace returned the £45.00. Ask Ada Lovelace how they want it" in words
    assert "£45.00 to Ada Lovelace" in words  # the page's name


def test_every_state_of_a_refund_has_its_sentence(failed: RefundRecord) -> None:
    for status in RefundStatus.values:
        for held_for in ("dispute", "approval", "staff"):
            failed.status, failed.held_for = status, held_for
            assert refund_words.advice(failed).endswith(".")
    failed.may_be_paid_twice = True
    assert "may have the money twice" in refund_words.advice(failed)


def test_every_kind_of_difference_says_what_to_do(paid: Booking) -> None:
    assert set(FINDINGS) == set(Finding.Kind.values)
    client = signed_in(person("viewer"))
    for number, kind in enumerate(Finding.Kind.values):
        detail = {"ours": None, "theirs": "4500 gbp"}
        found = Finding.objects.create(
            kind=kind, subject="refund", stripe_id=f"re_{number}", detail=detail, booking=paid
        )
        assert "close this with a note" in shown(client, url_of(found))
    Finding.objects.update(resolved_at=timezone.now(), resolved_by="system")
    assert "This difference is closed." in shown(client, url_of(found))


def test_approving_shows_whose_how_much_why_and_asked_by_whom(
    ada: User, paid: Booking, settings: Settings
) -> None:
    settings.APPROVAL_THRESHOLD = 1000
    grace = person("refunds", "grace")
    grace.name = "Grace Hopper"
    grace.save()
    record = staff_actions.goodwill(
        paid.payments.get(),
        amount=2000,
        by=By(f"staff:{grace.pk}", "admin"),
        now=timezone.now(),
        reason="We were late",
        key=RefundRecord().pk,
    )
    words = shown(signed_in(person("manager", "boss")), action_url(record, "approve"))
    for told in (
        "Ada Lovelace",
        "Deep clean",
        "£20.00",
        "Given back by staff",
        "Grace Hopper",
        "We were late",
    ):
        assert told in words
    assert str(record.pk) not in words
    assert "Goodwill" not in words


def test_a_filter_that_is_on_is_seen_and_taken_off(ada: User, paid: Booking) -> None:
    client = signed_in(person("viewer"))
    address = reverse("admin:bookings_booking_changelist")
    page = client.get(address, {"starts": "tomorrow", "status__exact": "confirmed"}).content.decode()
    assert 'aria-label="Appointment: Tomorrow: take this filter off"' in page
    assert 'href="?status__exact=confirmed"' in page
    several = client.get(reverse("admin:refunds_refundrecord_changelist"), {"status": "queued,on_hold"})
    assert "State: queued, on hold" in several.content.decode()


def test_appointments_of_some_days_stand_in_order_of_time(customer: Customer, service: Service) -> None:
    early, late = (customer.book(service, starts_in=timedelta(hours=hours)) for hours in (40, 60))
    client = signed_in(person("viewer"))
    address = reverse("admin:bookings_booking_changelist")
    assert list(client.get(address).context["cl"].result_list) == [late, early]  # newest first
    assert list(client.get(address, {"starts": "week"}).context["cl"].result_list) == [early, late]
    assert list(client.get(address, {"o": "-1"}).context["cl"].result_list) == [late, early]

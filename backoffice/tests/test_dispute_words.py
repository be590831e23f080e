"""Lists and pages of disputes and of suspicions say whose money it is, for what, and what to do now."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.disputes import words
from backoffice.tests.desk_browser import list_of, url_of
from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking
from config.tests.world import Customer
from refunds.models import Dispute, EarlyFraudWarning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def desk(customer: Customer) -> Client:
    customer.user.name = "Ada Lovelace"
    customer.user.save()
    return signed_in(person("disputes"))


def shown(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_dispute_says_whose_for_what_and_what_to_do(desk: Client, disputed: Dispute) -> None:
    for address in (list_of("refunds_dispute"), url_of(disputed)):
        page = shown(desk, address)
        assert "Ada Lovelace" in page
        assert "Deep clean" in page
        assert disputed.booking.reference in page
    asked = "Ada Lovelace asked their bank for £45.00 back. Submit evidence or accept it before the time"
    assert asked in page
    before, _, folded = page.partition("Technical")
    assert disputed.stripe_dispute_id not in before
    assert disputed.stripe_dispute_id in folded


def test_the_list_is_sorted_by_day_when_asked(desk: Client, disputed: Dispute) -> None:
    assert disputed.booking.reference in shown(desk, f"{list_of('refunds_dispute')}?o=1")


def test_every_state_of_a_dispute_has_its_sentence(desk: Client, disputed: Dispute) -> None:
    told = set()
    now = timezone.now()
    for fields in (
        {},
        {"is_charge_refundable": True},
        {"evidence_due_by": None},
        {"resolved_at": now},
        {"submitted_at": now},
        {"status": "appeal_needs_response", "is_open": True},
        {"status": "won", "is_open": False},
        {"status": "lost", "is_open": False},
        {"status": "warning_closed", "is_open": False},
        {"status": "new_to_us", "is_open": False},
    ):
        row = Dispute.objects.get(pk=disputed.pk)
        for name, value in fields.items():
            setattr(row, name, value)
        told.add(words.advice(row))
        assert words.is_urgent(row) == (fields in ({}, {"is_charge_refundable": True}))
    assert len(told) == 10
    assert all("%" not in sentence for sentence in told)


def test_a_suspicion_says_whose_for_what_and_what_to_do(desk: Client, paid: Booking) -> None:
    warning = EarlyFraudWarning.objects.create(
        booking=paid,
        payment=paid.payments.get(),
        stripe_id="issfr_1",
        fraud_type="made_with_lost_card",
        warned_at=timezone.now(),
    )
    for address in (list_of("refunds_earlyfraudwarning"), url_of(warning)):
        page = shown(desk, address)
        assert "Ada Lovelace" in page
        assert "Deep clean" in page
    assert "somebody else may have paid the £45.00 of Ada Lovelace. Refund it first" in page

"""What an event is stored without, how long it is kept, and what of it can still be applied."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Customer, Postman, run_workers
from payments import cards
from payments.events import inbox, pruning, replay
from payments.models import EventStatus, Payment, WebhookEvent
from refunds.tests.workshop import intent_of, statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db


def stored() -> WebhookEvent:
    return WebhookEvent.objects.latest("pk")


def test_nobody_s_address_and_no_secret_of_a_sheet_is_stored(paid: Booking, sandbox: Sandbox) -> None:
    event = sandbox.all("events")[-1]
    people: dict[str, Any] = {"name": "Ada", "address": {"line1": "1 High Street"}, "phone": "0161"}
    event |= {"id": "evt_new", "type": "charge.succeeded"}
    event["data"]["object"] |= {
        "billing_details": people,
        "shipping": people,
        "receipt_email": "ada@example.com",
        "client_secret": "pi_1_secret_2",
        "charges": [{"id": "ch_1", "billing_details": people}],
    }
    inbox.take_in(event, now=timezone.now())
    kept = str(stored().payload)
    assert "ch_1" in kept
    for personal in ("Ada", "High Street", "0161", "ada@example.com", "_secret_"):
        assert personal not in kept


@pytest.mark.parametrize("status", [EventStatus.FAILED, EventStatus.PENDING])
def test_what_had_no_effect_yet_keeps_its_payload(paid: Booking, status: str) -> None:
    WebhookEvent.objects.update(status=status)
    later = timezone.now() + timedelta(days=365)
    assert pruning.prune_payloads(lambda: later) == 0


def test_an_event_refused_for_the_wrong_mode_is_applied_once_the_key_is_right(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1000)
    settings.STRIPE_LIVEMODE = True
    postman.deliver("refund.created")
    event = stored()
    assert event.status == "refused"
    assert replay.replay_one(event, clock=timezone.now) == "refused"
    settings.STRIPE_LIVEMODE = False
    assert replay.replay_one(event, clock=timezone.now) == "processed"
    assert statement_of(paid) == [("payment", 4500), ("refund", -1000)]


def test_many_refunds_in_one_event_are_one_short_note(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    for _ in range(30):
        sandbox.dashboard_refund(intent_of(paid), 100)
    postman.lose()
    event = next(e for e in sandbox.all("events") if e["type"] == "charge.refunded")
    postman.bring([event])
    run_workers()
    row = WebhookEvent.objects.get(stripe_event_id=event["id"])
    assert (row.status, row.note) == ("processed", "refund succeeded (30)")
    assert paid.refunds.count() == 30


def test_a_card_that_is_heard_of_after_its_owner_was_erased_is_not_kept(paid: Booking) -> None:
    payment = paid.payments.get()
    Payment.objects.update(card_brand="", card_last4="")
    payment.refresh_from_db()
    paid.customer.is_active = False
    paid.customer.save()
    charge = {"payment_method_details": {"card": {"brand": "visa", "last4": "4242"}}}
    cards.remember(payment, charge)
    payment.refresh_from_db()
    assert (payment.card_brand, payment.card_last4) == ("", "")

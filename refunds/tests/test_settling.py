"""What Stripe says of a refund, word by word: its state, since when, and what is news."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking, Message
from config.tests.world import run_workers
from payments.events.event_handlers import Event, NotYet, Stranger
from refunds.models import RefundRecord
from refunds.sending import settlement
from refunds.tests.workshop import Worker, intent_of, record_of, refunds_at_stripe
from sandbox.client import Obj, Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
BY = By("stripe", "webhook")


@pytest.fixture
def refund(cancelled: Booking, sandbox: Sandbox) -> Obj:
    """Sent and succeeded."""
    run_workers()
    (refund,) = refunds_at_stripe(sandbox, cancelled)
    return refund


def told(booking: Booking, refund: Obj, *, at: datetime | None = None) -> str:
    return settlement.apply_refunds(intent_of(booking), [refund], by=BY, now=timezone.now(), at=at)


def test_what_succeeded_did_so_when_it_was_made(cancelled: Booking, refund: Obj) -> None:
    record = record_of(cancelled)
    assert record.settled_at == datetime.fromtimestamp(refund["created"], UTC)
    assert (record.failure_reason, record.last_error) == ("", "")


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_what_ended_did_so_at_the_event_or_when_we_learnt_of_it(
    cancelled: Booking, refund: Obj, status: str
) -> None:
    refund |= {"status": status, "created": refund["created"] - 86_400}
    before = timezone.now()
    assert told(cancelled, refund) == f"refund {status}"
    assert (record_of(cancelled).settled_at or before) > before


def test_an_event_tells_when(cancelled: Booking, refund: Obj) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    told(cancelled, refund | {"status": "failed"}, at=at)
    assert record_of(cancelled).settled_at == at


def test_a_state_that_stripe_adds_is_not_the_end(
    queued: RefundRecord, worker: Worker, sandbox: Sandbox
) -> None:
    mark = {"refund_record": str(queued.pk), "generation": "1"}
    refund = sandbox.dashboard_refund(intent_of(queued.booking)) | {"status": "on_the_moon", "metadata": mark}
    assert told(queued.booking, refund) == "refund pending"
    queued.refresh_from_db()
    assert (queued.status, queued.settled_at) == ("pending", None)


def test_one_that_leaves_after_it_was_paid_otherwise_is_told_to_staff(
    queued: RefundRecord, worker: Worker, sandbox: Sandbox
) -> None:
    RefundRecord.objects.update(status="paid_otherwise")
    mark = {"refund_record": str(queued.pk), "generation": "1"}
    refund = sandbox.dashboard_refund(intent_of(queued.booking)) | {"metadata": mark}
    assert told(queued.booking, refund) == "refund succeeded"
    queued.refresh_from_db()
    assert queued.may_be_paid_twice
    key = f"staff:refund_paid_twice:{queued.booking.reference}:{queued.pk}"
    facts = Message.objects.get(key=key).facts
    assert facts == facts | {"amount": 4500, "currency": "gbp", "record": str(queued.pk)}


def test_what_is_settled_is_no_worker_s_any_more_and_has_the_amount_that_moved(
    queued: RefundRecord, sandbox: Sandbox
) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    claimed = {"lease_token": uuid.uuid4(), "lease_until": soon, "next_attempt_at": soon}
    RefundRecord.objects.update(status="sending", **claimed)
    mark = {"refund_record": str(queued.pk), "generation": "1"}
    told(queued.booking, sandbox.dashboard_refund(intent_of(queued.booking), 4400) | {"metadata": mark})
    queued.refresh_from_db()
    assert [getattr(queued, name) for name in claimed] == [None, None, None]
    assert (queued.status, queued.amount) == ("succeeded", 4400)


@pytest.mark.parametrize("old", ["pending", "succeeded"])
def test_old_news_is_none(cancelled: Booking, refund: Obj, old: str) -> None:
    assert told(cancelled, refund | {"status": old}) == ""


def test_of_two_ends_the_first_counts(cancelled: Booking, refund: Obj) -> None:
    told(cancelled, refund | {"status": "failed"})
    assert told(cancelled, refund | {"status": "canceled"}) == ""
    assert record_of(cancelled).status == "failed"


def test_news_of_an_attempt_that_another_followed_is_none(
    cancelled: Booking, refund: Obj, sandbox: Sandbox
) -> None:
    told(cancelled, refund | {"status": "failed"})
    fresh = {"status": "queued", "stripe_refund_id": None, "generation": 2}
    RefundRecord.objects.update(**fresh)
    assert told(cancelled, refund | {"status": "failed"}) == ""
    assert told(cancelled, refund | {"status": "failed", "metadata": {}}) == ""
    assert record_of(cancelled).status == "queued"


def test_the_bank_s_reference_comes_later(cancelled: Booking, refund: Obj) -> None:
    reference = {"destination_details": {"card": {"reference": "ARN123"}}}
    assert told(cancelled, refund | reference) == "refund noted"
    assert record_of(cancelled).bank_reference == "ARN123"
    assert told(cancelled, refund | reference) == ""


def test_a_charge_that_no_intent_made_is_not_asked_about(sandbox: Sandbox) -> None:
    event = Event("evt_1", "charge.refunded", timezone.now(), {"id": "ch_1", "payment_intent": None}, BY)
    with pytest.raises(Stranger):
        settlement.ask_refunds(event)
    assert sandbox.stats()["by_endpoint"] == {}


def test_the_answer_to_a_refund_names_the_card_so_that_nobody_asks_for_it(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    assert cancelled.payments.get().card_last4 == ""
    worker.run()
    assert cancelled.payments.get().card_last4 == "4242"
    assert [asked for asked in sandbox.stats()["by_endpoint"] if "/v1/charges" in asked] == []


def test_all_that_changed_is_said(paid: Booking, sandbox: Sandbox) -> None:
    both = [sandbox.dashboard_refund(intent_of(paid), amount) for amount in (1000, 500)]
    said = settlement.apply_refunds(intent_of(paid), both, by=BY, now=timezone.now())
    assert said == "refund succeeded (2)"


@pytest.mark.parametrize(("intent", "named"), [("pi_unknown", "pi_unknown"), ("", "this refund")])
def test_a_refund_of_a_payment_that_nobody_knows_waits_for_it(db: None, intent: str, named: str) -> None:
    with pytest.raises(NotYet, match=f"^no payment for {named}$"):
        settlement.apply_refunds(intent, [], by=BY, now=timezone.now())

"""Any one of Stripe's events tells all there is to know, in any order, however often (CASES 1, 8, 15, 18)."""

import random

import pytest

from bookings.models import Booking
from config.tests.world import Postman, post_event
from payments.models import WebhookEvent
from refunds.tests.workshop import Worker, intent_of, mails, record_of, statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.once

GIVEN_BACK = [("payment", 4500), ("refund", -4500)]
TYPES = ["refund.created", "refund.updated", "charge.refunded", "charge.refund.updated", "refund.succeeded"]


@pytest.fixture
def unheard(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> Booking:
    """Sent, but the answer was lost and no event has arrived."""
    worker.fault("answer_lost")
    worker.run()
    sandbox.settle()
    return cancelled


@pytest.mark.parametrize("event_type", TYPES)
def test_one_event_alone_settles_the_refund(
    unheard: Booking, worker: Worker, sandbox: Sandbox, postman: Postman, event_type: str
) -> None:
    if event_type == "refund.succeeded":
        sandbox.emit(event_type, sandbox.refunds_of(intent_of(unheard))[0])
    assert postman.deliver(event_type) == [event_type]
    worker.run()
    assert record_of(unheard).status == "succeeded"
    assert statement_of(unheard) == GIVEN_BACK
    assert mails(unheard).count("refund_sent") == 1


def test_every_event_in_any_order_and_twice_has_one_effect(
    unheard: Booking, worker: Worker, postman: Postman
) -> None:
    events = postman.waiting() * 2
    random.Random(7).shuffle(events)
    postman.bring(events)
    worker.run()
    assert statement_of(unheard) == GIVEN_BACK
    assert mails(unheard).count("refund_sent") == 1
    assert unheard.refunds.count() == 1


def test_two_event_objects_for_one_change_have_one_effect(
    unheard: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    (created,) = sandbox.all("events", type="refund.created")
    postman.bring([created, {**created, "id": "evt_twin"}])
    assert statement_of(unheard) == GIVEN_BACK
    assert set(WebhookEvent.objects.filter(type="refund.created").values_list("status", flat=True)) == {
        "processed",
        "ignored",
    }


def test_a_refund_that_fails_is_told_by_refund_failed_alone(
    unheard: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.fail_refund(sandbox.refunds_of(intent_of(unheard))[0]["id"])
    postman.deliver("refund.failed")
    assert record_of(unheard).status == "failed"
    assert statement_of(unheard) == [("payment", 4500)]


def test_an_event_of_somebody_elses_payment_is_stored_and_has_no_effect(
    paid: Booking, sandbox: Sandbox
) -> None:
    (paid_event,) = sandbox.all("events", type="payment_intent.succeeded")
    foreign = {**paid_event["data"]["object"], "id": "pi_foreign", "metadata": {}}
    event = {**paid_event, "id": "evt_foreign", "data": {"object": foreign}}
    assert post_event(event) == 200
    assert WebhookEvent.objects.get(stripe_event_id="evt_foreign").status == "ignored"


def test_a_refund_of_a_payment_that_nobody_knows_yet_is_kept_and_tried_again(
    unheard: Booking, sandbox: Sandbox
) -> None:
    (created,) = sandbox.all("events", type="refund.created")
    refund = {**created["data"]["object"], "payment_intent": "pi_unheard_of"}
    assert post_event({**created, "id": "evt_early", "data": {"object": refund}}) == 200
    stored = WebhookEvent.objects.get(stripe_event_id="evt_early")
    assert (stored.status, stored.next_attempt_at is not None) == ("pending", True)


def test_an_event_of_the_other_mode_is_refused_and_has_no_effect(unheard: Booking, sandbox: Sandbox) -> None:
    (created,) = sandbox.all("events", type="refund.created")
    assert post_event({**created, "livemode": True}) == 200
    assert WebhookEvent.objects.get(stripe_event_id=created["id"]).status == "refused"
    assert record_of(unheard).status == "unknown"

"""Webhooks: signed, retried, and unruly on demand."""

from collections.abc import Iterator

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import WEBHOOK_SECRET, new_intent, pay
from sandbox.tests.listener import Listener, listening

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated"]


@pytest.fixture
def listener(sandbox: Sandbox) -> Iterator[Listener]:
    """A receiver of all events."""
    with listening() as receiver:
        sandbox.listen(receiver.url, WEBHOOK_SECRET)
        yield receiver
        sandbox.reset()


def test_the_sdk_verifies_what_arrives_in_order(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    intent = pay(api, "pm_card_visa")
    assert sandbox.wait_delivered()
    events = listener.events(WEBHOOK_SECRET)
    assert [event.type for event in events] == PAID
    assert events[2].data.object["id"] == intent.id
    assert (events[2].api_version, events[2].livemode) == ("2026-10-28.endive", False)
    with pytest.raises(stripe.SignatureVerificationError):
        listener.events("whsec_of_another")
    assert sandbox.all("events")[0]["pending_webhooks"] == 0


def test_a_failure_is_tried_again_with_a_new_signature(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    listener.answers = [500, 302]
    sandbox.delivery(backoff=0.01)
    new_intent(api)
    assert sandbox.wait_delivered()
    assert listener.types() == ["payment_intent.created"] * 3
    assert len({event.id for event in listener.events(WEBHOOK_SECRET)}) == 1
    assert [entry["answer"] for entry in sandbox.delivery()["log"]] == ["500", "302", "200"]


def test_what_never_arrives_is_listed_as_undelivered(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    listener.answers = [500, 500]
    sandbox.delivery(backoff=0.01, attempts=2)
    new_intent(api)
    assert sandbox.wait_delivered()
    missed = api.v1.events.list({"delivery_success": False, "types": ["payment_intent.created"]}).data
    assert [event.pending_webhooks for event in missed] == [1]
    sandbox.send_event(missed[0].id)
    assert sandbox.wait_delivered()
    assert api.v1.events.list({"delivery_success": False}).data == []


def test_dropped_types_never_leave(api: stripe.StripeClient, sandbox: Sandbox, listener: Listener) -> None:
    sandbox.delivery(dropped=["charge.*", "*.created"])
    pay(api, "pm_card_visa")
    assert sandbox.wait_delivered()
    assert listener.types() == ["payment_intent.succeeded"]
    undelivered = api.v1.events.list({"delivery_success": False}).data
    assert len(undelivered) == 3


@pytest.mark.parametrize("order", ["in_order", "reversed", "shuffled"])
def test_a_pause_holds_events_until_it_ends(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener, order: str
) -> None:
    sandbox.delivery(paused=True)
    pay(api, "pm_card_visa")
    assert sandbox.wait_delivered()
    assert listener.types() == []
    assert sandbox.delivery()["held"] == len(PAID)
    sandbox.delivery(paused=False, order=order)
    assert sandbox.wait_delivered()
    expected = {"in_order": PAID, "reversed": PAID[::-1]}.get(order)
    assert sorted(listener.types()) == sorted(PAID)
    assert expected is None or listener.types() == expected


def test_duplicates_repeat_the_event_and_twins_its_content(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.delivery(duplicates=1)
    new_intent(api)
    sandbox.delivery(duplicates=0, twins=1)
    new_intent(api)
    assert sandbox.wait_delivered()
    events = listener.events(WEBHOOK_SECRET)
    assert len(events) == 4
    assert events[0].id == events[1].id
    assert events[2].id != events[3].id
    assert events[2].data.object["id"] == events[3].data.object["id"]


def test_disorder_and_delay_lose_nothing(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.delivery(delay=0.01, disorder=0.2)
    for _ in range(5):
        pay(api, "pm_card_visa")
    assert sandbox.wait_delivered()
    assert sorted(listener.types()) == sorted(PAID * 5)
    assert listener.types() != PAID * 5


def test_a_rolled_secret_signs_along_for_a_while(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    endpoint = sandbox.all("webhook_endpoints")[0]["id"]
    new_secret = sandbox.roll_secret(endpoint, keep_seconds=60)
    new_intent(api)
    sandbox.wait_delivered()
    assert listener.events(WEBHOOK_SECRET)[0].id == listener.events(new_secret)[0].id
    sandbox.advance(61)
    new_intent(api)
    sandbox.wait_delivered()
    del listener.letters[0]
    assert len(listener.events(new_secret)) == 1
    with pytest.raises(stripe.SignatureVerificationError):
        listener.events(WEBHOOK_SECRET)


def test_the_answer_can_wait_for_its_webhooks(
    api: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    sandbox.fault("answer_after_webhooks", path="/v1/payment_intents", count=1)
    new_intent(api)
    assert listener.types() == ["payment_intent.created"]


def test_nothing_is_sent_beyond_this_machine(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    api.v1.webhook_endpoints.create({"url": "https://example.com/webhook/", "enabled_events": ["*"]})
    new_intent(api)
    assert sandbox.wait_delivered()
    assert sandbox.delivery()["log"] == []
    assert sandbox.all("events")[0]["pending_webhooks"] == 1


def test_any_event_can_be_made_up(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.emit("refund.succeeded", {"id": "re_1", "object": "refund"})
    assert sandbox.wait_delivered()
    assert listener.types() == ["refund.succeeded"]

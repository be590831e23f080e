"""What becomes of an event that Stripe signed: stored once, applied once, kept while it can't be applied."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, post_event
from payments.events import event_handlers, inbox
from payments.events.event_handlers import Event, EventHandler, NotYet, Stranger
from payments.events.privacy import without_people
from payments.models import EventStatus, WebhookEvent
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def success(customer: Customer, service: Service, sandbox: Sandbox) -> dict[str, Any]:
    """The payment_intent.succeeded of a booking, not yet delivered."""
    customer.pay(customer.book(service))
    return next(e for e in sandbox.all("events") if e["type"] == "payment_intent.succeeded")


def an_event(event_type: str, **more: Any) -> dict[str, Any]:
    obj = {"id": "xx_1", "object": "something"}
    return {"id": "evt_x", "type": event_type, "created": 1795420800, "data": {"object": obj}, **more}


def the_row() -> WebhookEvent:
    return WebhookEvent.objects.get()


def handled_by(monkeypatch: pytest.MonkeyPatch, apply: Any) -> None:
    monkeypatch.setitem(event_handlers._handlers, "test.happened", EventHandler(apply))


def test_a_payment_confirms_its_booking_and_the_event_says_what_it_did(success: dict[str, Any]) -> None:
    assert post_event(success) == 200
    row = the_row()
    assert (row.status, row.note, row.attempts) == ("processed", "paid, booking confirmed", 1)
    assert row.object_id == success["data"]["object"]["id"]
    assert row.payload == without_people(success)
    assert Booking.objects.get().status == "confirmed"


def test_delivered_again_it_has_no_second_effect(success: dict[str, Any]) -> None:
    assert [post_event(success) for _ in range(3)] == [200] * 3
    assert WebhookEvent.objects.count() == 1
    assert [line.amount for line in Booking.objects.get().transactions.all()] == [4500]
    assert Booking.objects.get().audit_entries.filter(action="booking.confirmed").count() == 1


def test_two_events_for_one_payment_have_one_effect(success: dict[str, Any]) -> None:
    assert [post_event({**success, "id": event_id}) for event_id in ("evt_1", "evt_2")] == [200, 200]
    assert [row.status for row in WebhookEvent.objects.order_by("id")] == ["processed", "ignored"]
    assert [line.amount for line in Booking.objects.get().transactions.all()] == [4500]


def test_a_type_that_nobody_uses_is_stored_and_ignored(db: None) -> None:
    assert post_event(an_event("account.application.authorized")) == 200
    assert (the_row().status, the_row().note) == ("ignored", "not a type we use")


@pytest.mark.parametrize(("ours", "theirs"), [(False, True), (True, False), (True, None)])
def test_an_event_of_the_other_mode_is_refused_and_has_no_effect(
    success: dict[str, Any], settings: Settings, ours: bool, theirs: bool | None
) -> None:
    settings.STRIPE_LIVEMODE = ours
    assert post_event({**success, "livemode": theirs}) == 200
    assert the_row().status == "refused"
    assert Booking.objects.get().status == "pending_payment"


def test_an_event_without_a_mode_is_a_test(success: dict[str, Any]) -> None:
    del success["livemode"]
    assert post_event(success) == 200
    assert the_row().status == "processed"


def test_the_setup_guides_refund_succeeded_is_taken_for_refund_updated(
    customer: Customer, paid: Booking, postman: Postman, sandbox: Sandbox
) -> None:
    intent = str(paid.payments.get().stripe_payment_intent_id)
    refund = sandbox.dashboard_refund(intent, 1000)
    postman.lose()
    event = {**an_event("refund.succeeded"), "data": {"object": refund}}
    assert post_event(event) == 200
    assert customer.refund_status(paid)["refunded"] == 1000


def test_an_effect_that_fails_is_200_kept_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    troubles = [RuntimeError("a secret"), RuntimeError("a secret")]

    def apply(event: Event, facts: Any, now: Any) -> str:
        if troubles:
            raise troubles.pop()
        return "it worked"

    handled_by(monkeypatch, apply)
    assert post_event(an_event("test.happened")) == 200
    assert (the_row().status, the_row().error, the_row().attempts) == ("failed", "RuntimeError", 1)
    later = timezone.now() + timedelta(hours=2)
    assert inbox.apply_due(lambda: later) == 1
    assert (the_row().status, the_row().attempts) == ("failed", 2)
    assert inbox.apply_due(lambda: later + timedelta(hours=2)) == 1
    assert (the_row().status, the_row().note, the_row().error) == ("processed", "it worked", "")
    assert inbox.apply_due(lambda: later + timedelta(days=9)) == 0


def test_an_effect_that_fails_half_way_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    def apply(event: Event, facts: Any, now: Any) -> str:
        Service.objects.update(name="half done")
        raise RuntimeError

    handled_by(monkeypatch, apply)
    assert post_event(an_event("test.happened")) == 200
    service.refresh_from_db()
    assert service.name == "Deep clean"


def test_what_a_stranger_sent_is_let_go_within_minutes_and_raises_no_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apply(event: Event, facts: Any, now: Any) -> str:
        raise Stranger("no payment for pi_unknown")

    handled_by(monkeypatch, apply)
    assert post_event(an_event("test.happened")) == 200
    for minutes in range(1, 30, 5):
        inbox.apply_due(partial(later, minutes))
    assert (the_row().status, the_row().attempts, the_row().next_attempt_at) == ("ignored", 5, None)


def later(minutes: int) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def test_an_event_whose_payload_is_odd_fails_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    applied = []

    def apply(event: Event, facts: Any, now: Any) -> str:
        applied.append(event.id)
        return "done"

    handled_by(monkeypatch, apply)
    now = timezone.now()
    for name, payload in (("evt_odd", {"id": "evt_odd"}), ("evt_sound", an_event("test.happened"))):
        WebhookEvent.objects.create(
            stripe_event_id=name, type="test.happened", status="pending", payload=payload, next_attempt_at=now
        )
    with capture_logs():
        inbox.apply_due(partial(later, 1))
    assert len(applied) == 1
    assert WebhookEvent.objects.get(stripe_event_id="evt_odd").status == "failed"
    assert WebhookEvent.objects.get(stripe_event_id="evt_sound").status == "processed"


def test_what_has_to_wait_is_pending_until_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(event: Event, facts: Any, now: Any) -> str:
        raise NotYet("no payment for pi_unknown")

    handled_by(monkeypatch, apply)
    assert post_event(an_event("test.happened")) == 200
    assert (the_row().status, the_row().error) == ("pending", "no payment for pi_unknown")
    WebhookEvent.objects.update(attempts=inbox.MOST_ATTEMPTS - 1)
    inbox.apply_due(lambda: timezone.now() + timedelta(hours=2))
    assert (the_row().status, the_row().next_attempt_at) == ("failed", None)


def test_a_worker_that_took_an_event_keeps_it_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    later = timezone.now() + timedelta(hours=2)

    def apply(event: Event, facts: Any, now: Any) -> str:
        if later == now:  # in the middle of the first worker's try another one looks
            tried.append(inbox.apply_due(lambda: later))
        raise NotYet("later")

    handled_by(monkeypatch, apply)
    post_event(an_event("test.happened"))
    assert inbox.apply_due(lambda: later) == 1
    assert tried == [0]


def test_an_event_that_nothing_handles_any_more_leaves_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    post_event(an_event("test.happened"))
    WebhookEvent.objects.update(status=EventStatus.FAILED, next_attempt_at=timezone.now())
    assert inbox.apply_due(timezone.now) == 1
    assert the_row().status == "ignored"
    assert inbox.apply_due(timezone.now) == 0


def test_the_webhook_is_never_throttled(success: dict[str, Any]) -> None:
    assert {post_event(success) for _ in range(200)} == {200}

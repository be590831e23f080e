"""The inbox: events applied again have their effect once, and old payloads go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Customer, Postman
from payments.events import pruning
from payments.models import WebhookEvent
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db


def facts() -> list[tuple[Any, ...]]:
    """What stands in the inbox besides the payloads and the count of attempts."""
    columns = ("stripe_event_id", "type", "status", "note", "object_id", "created_at", "received_at")
    return list(WebhookEvent.objects.order_by("pk").values_list(*columns))


def story_of(booking: Booking) -> list[str]:
    return list(booking.audit_entries.order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize("which", [["--since", "1h"], ["--type", "payment_intent.succeeded"], ["ids"]])
def test_a_replayed_event_has_no_second_effect(paid: Booking, which: list[str]) -> None:
    if which == ["ids"]:
        which = list(WebhookEvent.objects.values_list("stripe_event_id", flat=True))
    before = (facts(), story_of(paid), paid.transactions.count())
    call_command("replay_webhooks", *which)
    assert (facts(), story_of(paid), paid.transactions.count()) == before


def test_what_failed_is_applied_by_its_replay(
    customer: Customer, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    with monkeypatch.context() as broken:
        broken.setattr("bookings.lifecycle.confirm", None)
        customer.postman.deliver("payment_intent.succeeded")
    assert WebhookEvent.objects.get(type="payment_intent.succeeded").status == "failed"
    call_command("replay_webhooks", "--failed")
    booking.refresh_from_db()
    assert (booking.status, WebhookEvent.objects.filter(status="failed").count()) == ("confirmed", 0)


def test_an_event_that_never_arrived_is_fetched_by_its_id(
    customer: Customer, service: Any, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    (event,) = sandbox.all("events", type="payment_intent.succeeded")
    call_command("replay_webhooks", event["id"])
    booking.refresh_from_db()
    assert (booking.status, WebhookEvent.objects.get().came_by) == ("confirmed", "reconcile")
    with pytest.raises(SystemExit, match="1"):
        call_command("replay_webhooks", "evt_nobody_knows")
    assert "1 gone" in capsys.readouterr().out


def test_replaying_everything_has_to_be_said() -> None:
    with pytest.raises(CommandError, match="Say which"):
        call_command("replay_webhooks")


def clock_ahead(**how_far: int) -> Callable[[], datetime]:
    return lambda: timezone.now() + timedelta(**how_far)


def test_old_payloads_go_and_what_they_did_stays(
    paid: Booking, settings: Settings, sandbox: Sandbox, postman: Postman
) -> None:
    settings.WEBHOOK_PAYLOAD_DAYS = 30
    before = facts()
    assert pruning.prune_payloads(clock_ahead(days=29)) == 0
    assert pruning.prune_payloads(clock_ahead(days=31)) == len(before)
    assert not WebhookEvent.objects.filter(payload__isnull=False).exists()
    assert facts() == before


def test_a_pruned_event_is_replayed_from_stripe_while_stripe_has_it(
    paid: Booking, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    pruning.prune_payloads(clock_ahead(days=365))
    call_command("replay_webhooks", "--type", "payment_intent.succeeded")
    assert "1 processed" in capsys.readouterr().out
    sandbox.advance(timedelta(days=31).total_seconds())
    with pytest.raises(SystemExit, match="1"):
        call_command("replay_webhooks", "--type", "payment_intent.succeeded")
    assert "1 gone" in capsys.readouterr().out

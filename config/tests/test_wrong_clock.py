"""A process whose own clock is wrong puts nothing off: what is due is due by the database's clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import deletion
from accounts.models import Deletion
from bookings.models import Booking, Message
from config.tests.world import Customer
from core import clock
from core.models import Mark
from core.work import jobs
from payments.events import inbox
from payments.models import WebhookEvent
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db

AHEAD = timedelta(hours=1)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is an hour ahead of the database."""
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + AHEAD)


def test_mails_and_refunds_of_a_fast_server_go_out_at_once(
    customer: Customer, paid: Booking, fast: None
) -> None:
    customer.cancel(paid)
    waiting = Message.objects.filter(booking=paid, kind="booking_cancelled")
    assert waiting.filter(next_attempt_at__lte=clock.now()).exists()
    jobs.run_until_idle(clock.now)
    assert paid.refunds.get().status == "succeeded"
    assert not waiting.filter(sent_at=None).exists()


def test_events_that_a_fast_server_took_in_are_applied_at_once(
    paid: Booking, sandbox: Sandbox, fast: None
) -> None:
    sandbox.dispute(intent_of(paid))
    (event,) = sandbox.all("events", type="charge.dispute.created")
    inbox.take_in(event, now=timezone.now())
    jobs.run_until_idle(clock.now)
    assert WebhookEvent.objects.get(stripe_event_id=event["id"]).status == "processed"


def test_an_hour_of_difference_hurries_and_delays_nobody(customer: Customer, fast: None) -> None:
    jobs.hurry("reconciliation", now=timezone.now())
    assert Mark.objects.get(name="next reconciliation").at <= clock.now()
    deletion.ask(customer.user, now=timezone.now())
    assert Deletion.objects.filter(next_attempt_at__lte=clock.now()).exists()

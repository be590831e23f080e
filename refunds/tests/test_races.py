"""Everything at the same moment: requests, workers, webhooks and staff on connections of their own."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.racing import at_once
from config.tests.world import Customer, Postman, post_event
from core.errors import DomainError
from payments.models import WebhookEvent
from refunds import cancellation
from refunds.models import RefundRecord
from refunds.sending import submission
from refunds.staff import actions as staff_actions
from refunds.tests.workshop import (
    Worker,
    chain_is_whole,
    intent_of,
    mails,
    record_of,
    refunds_at_stripe,
    statement_of,
)
from sandbox.client import ControlError, Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN_BACK = [("payment", 4500), ("refund", -4500)]


def cancelling(booking: Booking) -> Callable[[], Any]:
    def cancel() -> Any:
        done = cancellation.cancel_booking(
            Booking.objects.filter(pk=booking.pk), by=By("customer:1", "api"), now=timezone.now()
        )
        return done.record and done.record.pk

    return cancel


def test_five_cancellations_at_once_make_one_refund_and_all_get_its_answer(
    paid: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    answers = at_once([cancelling(paid)] * 5)
    assert set(answers) == {record_of(paid).pk}
    worker.run()
    assert statement_of(paid) == GIVEN_BACK
    assert mails(paid).count("booking_cancelled") == 1
    assert chain_is_whole(paid)


def test_ten_partial_refunds_at_once_never_exceed_the_payment(
    paid: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    payment = paid.payments.get()

    def give() -> bool:
        try:
            staff_actions.goodwill(
                payment,
                amount=1350,
                by=By("staff:1", "admin"),
                now=timezone.now(),
                reason="Sorry.",
                key=uuid.uuid4(),
            )
        except DomainError:
            return False
        return True

    assert sum(at_once([give] * 10)) == 3
    worker.run()
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, paid)] == [1350] * 3


def test_the_database_itself_refuses_more_than_was_paid(paid: Booking) -> None:
    payment = paid.payments.get()

    def write() -> bool:
        try:
            RefundRecord.objects.create(
                booking=paid,
                payment=payment,
                amount=1350,
                currency="gbp",
                rule="goodwill",
                requested_by="staff:1",
            )
        except IntegrityError:
            return False
        return True

    assert sum(at_once([write] * 10)) == 3


def test_four_workers_at_once_send_each_refund_once(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    at_once([lambda: submission.submit_due(worker.now)] * 4)
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1
    assert statement_of(cancelled) == GIVEN_BACK


def test_events_of_one_refund_at_once_are_all_taken_in_and_count_once(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    """Created, updated and twins of both race for one record (STACK.md: a first version answered 500)."""
    worker.fault("answer_lost")
    worker.run()
    sandbox.settle()
    events = [
        {**event, "id": f"{event['id']}_{twin}"}
        for event in sandbox.all("events")
        if event["type"].startswith("refund.")
        for twin in range(5)
    ]
    assert at_once([lambda event=event: post_event(event) for event in events]) == [200] * len(events)  # type: ignore[misc]
    assert statement_of(cancelled) == GIVEN_BACK
    assert mails(cancelled).count("refund_sent") == 1
    assert not WebhookEvent.objects.filter(status="failed").exists()
    assert chain_is_whole(cancelled)


def test_one_event_twenty_times_at_once_is_answered_200_and_counts_once(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1000)
    (event,) = sandbox.all("events", type="refund.created")
    assert at_once([lambda: post_event(event)] * 20) == [200] * 20
    assert WebhookEvent.objects.filter(stripe_event_id=event["id"]).count() == 1
    assert statement_of(paid) == [("payment", 4500), ("refund", -1000)]


def test_the_webhook_comes_before_the_answer_and_there_is_one_refund_one_mail_one_story(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.fault("late_answer", path="/v1/refunds", method="POST", seconds=1.0, count=1)

    def deliver() -> None:
        while not sandbox.all("events", type="charge.refunded"):
            pass
        postman.deliver()

    at_once([lambda: worker.run(), deliver])
    worker.wait(timedelta(minutes=1))
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1
    assert statement_of(cancelled) == GIVEN_BACK
    assert mails(cancelled).count("refund_sent") == 1
    assert cancelled.audit_entries.filter(action="refund.succeeded").count() == 1
    assert chain_is_whole(cancelled)


def test_a_dashboard_refund_races_ours_and_the_customer_gets_what_they_paid(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    intent = intent_of(cancelled)
    at_once([lambda: worker.run(), lambda: refund_if_possible(sandbox, intent)])
    postman.deliver()
    worker.wait(timedelta(minutes=1))
    assert sum(refund["amount"] for refund in refunds_at_stripe(sandbox, cancelled)) == 4500
    assert sum(amount for _, amount in statement_of(cancelled)) == 0


def refund_if_possible(sandbox: Sandbox, intent: str) -> None:
    with suppress(ControlError):  # ours was quicker
        sandbox.dashboard_refund(intent, 2000)


def test_paying_races_cancelling_and_no_money_is_kept(
    customer: Customer, service: Any, worker: Worker, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    (event,) = sandbox.all("events", type="payment_intent.succeeded")
    at_once([cancelling(booking), lambda: post_event(event)])
    worker.run()
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert sum(amount for _, amount in statement_of(booking)) == 0
    assert booking.refunds.get().status == "succeeded"


def test_paying_races_the_end_of_the_hold_and_the_payment_counts(
    customer: Customer, service: Any, worker: Worker, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    (event,) = sandbox.all("events", type="payment_intent.succeeded")
    worker.ahead = timedelta(minutes=16)
    at_once([lambda: worker.run(), lambda: post_event(event)])
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert statement_of(booking) == [("payment", 4500)]


def test_races_run_on_connections_of_their_own() -> None:
    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT 1")
            return int(cursor.fetchone()[0])

    pids = at_once([backend] * 3)
    assert len(set(pids)) == (3 if connection.vendor == "postgresql" else 1)

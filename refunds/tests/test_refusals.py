"""Stripe says no: each answer leads to its own state, and money is never sent on a guess."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.models import Booking, Message, Service
from config.tests.world import Customer, Postman
from core.models import Mark
from payments import gateway, pace
from payments.models import Payment
from refunds import attempts
from refunds.disputes import reading
from refunds.models import RefundRecord
from refunds.sending import setbacks, submission
from refunds.tests.workshop import (
    Worker,
    held_by,
    intent_of,
    mails,
    record_of,
    refunds_at_stripe,
    statement_of,
)
from sandbox.client import Sandbox

pytestmark = pytest.mark.once

MINUTE = timedelta(minutes=1)


def test_refunded_in_full_in_the_dashboard_ours_is_superseded(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    sandbox.dashboard_refund(intent_of(cancelled))
    worker.run()
    states = dict(cancelled.refunds.values_list("rule", "status"))
    assert states == {"in_time": "superseded", "dashboard": "succeeded"}
    assert cancelled.refunds.get(rule="in_time").lease_until is None
    assert statement_of(cancelled) == [("payment", 4500), ("refund", -4500)]
    assert mails(cancelled, "staff") == []


@pytest.mark.parametrize("part", [1000, 4499])
def test_refunded_in_part_in_the_dashboard_the_rest_is_sent(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, part: int
) -> None:
    sandbox.dashboard_refund(intent_of(cancelled), part)
    worker.wait(MINUTE)
    ours = cancelled.refunds.get(rule="in_time")
    assert (ours.status, ours.amount) == ("succeeded", 4500 - part)
    assert sum(refund["amount"] for refund in refunds_at_stripe(sandbox, cancelled)) == 4500


def test_what_the_dashboard_has_on_its_way_is_not_sent_again(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    postman.deliver()
    customer.cancel(booking)
    sandbox.dashboard_refund(intent_of(booking), 1000)
    postman.deliver()
    worker.run()
    told = booking.refunds.values_list("rule", "amount", "status").order_by("amount")
    assert list(told) == [("dashboard", 1000, "pending"), ("in_time", 3500, "pending")]
    assert booking.audit_entries.filter(action="refund.trimmed").exists(), "before Stripe could refuse it"


def test_our_own_refund_behind_already_refunded_is_adopted(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    """The answer was lost, and the key is forgotten: Stripe says it is refunded, by us."""
    worker.fault("answer_lost")
    worker.run()
    RefundRecord.objects.update(status="queued", next_attempt_at=None, lease_until=None, generation=1)
    sandbox.advance(25 * 3600)
    RefundRecord.objects.update(first_sent_at=None)
    worker.run()
    assert record_of(cancelled).status == "succeeded"
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1


def test_a_chargeback_unheard_of_holds_the_refund(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    sandbox.dispute(intent_of(cancelled))
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.held_for) == ("on_hold", "dispute")
    assert refunds_at_stripe(sandbox, cancelled) == []


def test_a_chargeback_in_the_last_moment_is_refused_by_stripe_and_holds_the_refund(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    asked_before = reading.LiveDisputes([cancelled.payments.get()], worker.now)
    assert not asked_before.against(cancelled.payments.get())
    sandbox.dispute(intent_of(cancelled))
    submission.submit(held_by(worker, cancelled), asked_before, worker.now)
    record = record_of(cancelled)
    assert (record.status, record.held_for) == ("on_hold", "dispute")
    assert record.generation == 2, "Stripe keeps the refusal under the first key"


def test_a_chargeback_that_is_over_meanwhile_holds_nothing(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))
    asked_before = reading.LiveDisputes([cancelled.payments.get()], worker.now)
    assert asked_before.against(cancelled.payments.get())
    sandbox.win(dispute["id"])
    RefundRecord.objects.update(next_attempt_at=worker.now() + timedelta(hours=1))
    postman.deliver()
    worker.run()
    submission.submit(held_by(worker, cancelled), asked_before, worker.now)
    assert record_of(cancelled).status == "queued"
    worker.wait(timedelta(hours=1))
    assert record_of(cancelled).status == "succeeded"


def test_a_chargeback_that_nobody_can_show_is_tried_later(cancelled: Booking, worker: Worker) -> None:
    worker.fault("refuse", status=400, code="charge_disputed")
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.attempts, record.lease_token) == ("queued", 1, None)
    worker.wait(timedelta(minutes=1))
    assert record_of(cancelled).status == "succeeded"


def test_a_chargeback_that_nobody_can_show_needs_a_person_in_the_end(
    cancelled: Booking, worker: Worker
) -> None:
    """Stripe refuses because of a dispute, but has none that would hold the refund."""
    RefundRecord.objects.update(status="sending", attempts=attempts.MOST_ATTEMPTS - 1)
    setbacks.disputed(record_of(cancelled), [], worker.now)
    assert record_of(cancelled).status == "queued"
    RefundRecord.objects.update(status="sending", attempts=attempts.MOST_ATTEMPTS)
    setbacks.disputed(record_of(cancelled), [], worker.now)
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "charge_disputed")


def test_a_payment_that_stripe_does_not_know_needs_a_person(cancelled: Booking, worker: Worker) -> None:
    Payment.objects.update(stripe_payment_intent_id="pi_of_another_account")
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "resource_missing")
    assert mails(cancelled, "staff") == ["refund_needs_attention"]


def test_a_payment_whose_refunds_stripe_does_not_list_needs_a_person(
    cancelled: Booking, worker: Worker
) -> None:
    for method in ("POST", "GET"):
        worker.fault("refuse", method=method, status=404, code="resource_missing")
    worker.run()
    assert record_of(cancelled).status == "needs_attention"


def test_a_payment_that_was_never_at_stripe_needs_a_person(cancelled: Booking, worker: Worker) -> None:
    Payment.objects.update(stripe_payment_intent_id=None)
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "the payment was never at Stripe")


def test_a_key_used_for_another_request_needs_a_person_and_no_new_key_is_made(
    customer: Customer, cancelled: Booking, massage: Service, worker: Worker, sandbox: Sandbox
) -> None:
    other = customer.book_and_pay(massage)
    key = record_of(cancelled).idempotency_key
    gateway.create_refund(key=key, intent=intent_of(other), amount=100, metadata={"by": "mistake"})
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "idempotency_error")
    assert record.idempotency_key == key
    assert refunds_at_stripe(sandbox, cancelled) == []


@pytest.mark.parametrize("fault", ["rate_limit", "lock_timeout"])
def test_told_to_wait_it_goes_out_later_under_the_same_key(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, fault: str
) -> None:
    worker.fault(fault)
    worker.run()
    record = record_of(cancelled)
    assert (record.status, record.last_error, record.generation) == ("queued", fault, 1)
    worker.wait(MINUTE)
    assert record_of(cancelled).status == "succeeded"
    assert sandbox.stats()["by_endpoint"].get("GET /v1/refunds") is None, "nothing was in doubt"


def test_it_waits_as_long_as_stripe_says(cancelled: Booking, worker: Worker) -> None:
    worker.fault("rate_limit", retry_after=30)
    before = worker.now()
    worker.run()
    due = record_of(cancelled).next_attempt_at
    assert due is not None
    assert due - before >= timedelta(seconds=30)


@pytest.mark.parametrize(("told", "least", "most"), [(30, 30, 40), (3600, 60, 70), (None, 1, 10)])
def test_a_rate_limit_makes_everybody_wait_but_not_for_ever(
    cancelled: Booking, worker: Worker, told: int | None, least: int, most: int
) -> None:
    says: dict[str, Any] = {"retry_after": told} if told else {}
    worker.fault("rate_limit", **says)
    before = worker.now()
    worker.run()
    pause = (Mark.objects.get(name=pace.NAME).at - before).total_seconds()
    assert least <= pause < most


def test_a_lock_of_one_object_makes_nobody_else_wait(cancelled: Booking, worker: Worker) -> None:
    worker.fault("lock_timeout")
    worker.run()
    assert Mark.objects.get(name=pace.NAME).at < worker.now() + timedelta(seconds=0.5)


@pytest.mark.parametrize("fault", ["unauthorized", "forbidden"])
def test_with_a_wrong_key_refunds_wait_and_staff_are_told_once_a_day(
    cancelled: Booking, worker: Worker, fault: str
) -> None:
    worker.fault(fault, count=None)
    worker.run()
    for _ in range(3):
        worker.wait(timedelta(hours=1))
    assert record_of(cancelled).status == "queued"
    told = Message.objects.filter(kind="stripe_refuses_our_key", to="staff")
    assert 1 <= told.count() == len({f"{message.created_at:%Y-%m-%d}" for message in told})
    assert {message.facts["code"] for message in told} == {"invalid_request_error"}
    worker.sandbox.clear_faults()
    worker.wait(timedelta(hours=1))
    assert record_of(cancelled).status == "succeeded"


def test_one_that_goes_wrong_does_not_stop_the_others(
    customer: Customer, cancelled: Booking, massage: Service, worker: Worker, sandbox: Sandbox
) -> None:
    other = customer.book_and_pay(massage)
    customer.cancel(other)
    Payment.objects.filter(booking=cancelled).update(stripe_payment_intent_id="pi_of_another_account")
    worker.run()
    assert record_of(cancelled).status == "needs_attention"
    assert record_of(other).status == "succeeded"

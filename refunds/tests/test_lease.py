"""One worker at a time works on a record, and one that was away too long changes nothing."""

import uuid
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bookings.models import Booking, Service
from config.tests.world import Customer
from core.work import lease
from refunds import attempts
from refunds.disputes.reading import LiveDisputes
from refunds.models import RefundRecord
from refunds.sending import submission
from refunds.tests.workshop import Worker, record_of, refunds_at_stripe
from sandbox.client import Sandbox

JUST_OVER = lease.LEASE + timedelta(seconds=1)


def claim(worker: Worker) -> list[RefundRecord]:
    due = RefundRecord.objects.filter(status__in=attempts.DUE).select_related("payment")
    return lease.claim(due.order_by("requested_at"), now=worker.now(), limit=20)


def test_what_is_claimed_is_not_claimed_again_until_the_lease_is_over(
    cancelled: Booking, worker: Worker
) -> None:
    assert len(claim(worker)) == 1
    assert claim(worker) == []
    worker.ahead += JUST_OVER
    assert len(claim(worker)) == 1


def test_what_is_not_yet_due_is_not_claimed(cancelled: Booking, worker: Worker) -> None:
    due = worker.now() + timedelta(minutes=1)
    RefundRecord.objects.update(next_attempt_at=due)
    assert claim(worker) == []
    worker.ahead += timedelta(minutes=1, seconds=1)
    assert len(claim(worker)) == 1


def test_the_oldest_go_first(
    customer: Customer, cancelled: Booking, massage: Service, worker: Worker, sandbox: Sandbox
) -> None:
    younger = customer.book_and_pay(massage)
    customer.cancel(younger)
    assert [record.booking_id for record in claim(worker)] == [cancelled.pk, younger.pk]
    worker.ahead += JUST_OVER
    worker.run()
    assert [refund["amount"] for refund in sandbox.all("refunds")] == [4500, 6000]


def test_a_worker_takes_a_batch_and_leaves_the_rest_to_others(
    customer: Customer,
    cancelled: Booking,
    massage: Service,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    younger = customer.book_and_pay(massage)
    customer.cancel(younger)
    monkeypatch.setattr(submission, "BATCH", 1)
    assert submission.submit_due(worker.now) == 1
    assert [record_of(booking).status for booking in (cancelled, younger)] == ["succeeded", "queued"]


def test_a_worker_whose_record_was_taken_up_by_another_leaves_it_alone(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    (record,) = claim(worker)
    worker.ahead += JUST_OVER
    worker.run()
    assert submission.prepare(record, worker.now()) is None
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1


def test_a_worker_that_slept_past_its_lease_before_sending_sends_nothing(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    (record,) = claim(worker)
    ready = submission.prepare(record, worker.now())
    assert ready is not None
    worker.ahead += lease.LEASE
    with capture_logs() as logs:
        submission.send(ready, worker.now)
    assert logs == [{"event": "refund.lease_lapsed", "log_level": "warning", "record": str(record.pk)}]
    assert refunds_at_stripe(sandbox, cancelled) == []
    worker.wait(JUST_OVER)
    assert record_of(cancelled).status == "succeeded"
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1


def test_a_worker_that_slept_for_days_while_its_refund_failed_and_was_retried_sends_nothing(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    """By then its key is forgotten: only the lease keeps it from giving the money twice."""
    (record,) = claim(worker)
    asleep = submission.prepare(record, worker.now())
    assert asleep is not None
    worker.wait(timedelta(days=2))
    submission.send(asleep, worker.now)
    submission.submit(record, LiveDisputes([record.payment], worker.now), worker.now)
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1


def test_what_a_worker_writes_back_needs_its_own_token(cancelled: Booking, worker: Worker) -> None:
    (record,) = claim(worker)
    RefundRecord.objects.update(lease_token=uuid.uuid4())
    assert submission.prepare(record, worker.now()) is None
    assert record_of(cancelled).status == "queued"


def test_a_row_that_somebody_else_wrote_as_queued_is_taken(paid: Booking, worker: Worker) -> None:
    RefundRecord.objects.create(
        booking=paid,
        payment=paid.payments.get(),
        amount=500,
        currency="gbp",
        rule="goodwill",
        requested_by="staff:1",
    )
    worker.run()
    assert record_of(paid).status == "succeeded"


def test_that_a_worker_was_gone_is_told_in_the_story(cancelled: Booking, worker: Worker) -> None:
    (record,) = claim(worker)
    assert submission.prepare(record, worker.now()) is not None
    worker.wait(JUST_OVER)
    entry = cancelled.audit_entries.get(action="refund.unknown")
    assert (entry.detail["from"], entry.detail["code"]) == ("sending", "the worker that sent it is gone")

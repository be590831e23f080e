"""What Stripe does with a refund after it took it: each state is shown as such, and nothing is forgotten."""

from datetime import timedelta

import pytest

from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman
from refunds import account
from refunds.models import RefundRecord
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
from sandbox.client import Sandbox

pytestmark = pytest.mark.once

STAFF = By("staff:1", "admin")
RETURNED = [("payment", 4500), ("refund", -4500), ("refund_returned", 4500)]


@pytest.fixture
def refunded(cancelled: Booking, worker: Worker, postman: Postman) -> Booking:
    worker.run()
    postman.deliver()
    return cancelled


def retry(booking: Booking, worker: Worker) -> None:
    staff_actions.retry(record_of(booking), by=STAFF, now=worker.now(), reason="The customer has a new card.")


def test_a_refund_that_fails_after_it_succeeded_is_owed_again_and_people_are_told(
    refunded: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.fail_refund(refunds_at_stripe(sandbox, refunded)[0]["id"])
    postman.deliver()
    record = record_of(refunded)
    assert (record.status, record.failure_reason) == ("failed", "lost_or_stolen_card")
    assert statement_of(refunded) == RETURNED
    assert account.of(record.payment).left == 4500
    assert mails(refunded).count("refund_failed") == mails(refunded, "staff").count("refund_failed") == 1
    assert chain_is_whole(refunded)


def test_a_refund_canceled_after_it_succeeded_is_owed_again(
    refunded: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.cancel_refund(refunds_at_stripe(sandbox, refunded)[0]["id"])
    postman.deliver()
    assert record_of(refunded).status == "canceled"
    assert statement_of(refunded) == RETURNED


def test_a_refund_that_came_back_can_be_sent_again_and_gives_the_money_once(
    refunded: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.fail_refund(refunds_at_stripe(sandbox, refunded)[0]["id"])
    postman.deliver()
    retry(refunded, worker)
    worker.run()
    postman.deliver()
    record = record_of(refunded)
    assert (record.status, record.generation) == ("succeeded", 2)
    assert [r["status"] for r in refunds_at_stripe(sandbox, refunded)] == ["failed", "succeeded"]
    assert statement_of(refunded) == [*RETURNED, ("refund", -4500)]
    assert mails(refunded).count("refund_sent") == 2


def test_a_late_event_about_the_first_attempt_is_not_taken_for_the_second(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    """The answer was lost, the failure arrived first, and "succeeded" of the same refund comes days later."""
    worker.fault("answer_lost")
    worker.run()
    sandbox.fail_refund(refunds_at_stripe(sandbox, cancelled)[0]["id"])
    postman.deliver("refund.failed")
    retry(cancelled, worker)
    postman.deliver("refund.created")
    assert record_of(cancelled).status == "queued", "the late event says `succeeded`"
    worker.run()
    postman.deliver()
    assert [r["status"] for r in refunds_at_stripe(sandbox, cancelled)] == ["failed", "succeeded"]
    assert statement_of(cancelled) == [("payment", 4500), ("refund", -4500)]
    assert cancelled.refunds.count() == 1


def test_a_first_attempt_that_went_through_after_all_is_found_before_the_second_is_sent(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    worker.fault("answer_lost")
    worker.run()
    RefundRecord.objects.update(status="needs_attention", next_attempt_at=None)
    retry(cancelled, worker)
    worker.run()
    assert record_of(cancelled).status == "succeeded"
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1
    assert sandbox.stats()["by_endpoint"]["POST /v1/refunds"] == 1, "the first attempt"


def test_a_pending_refund_is_shown_as_such_until_it_arrives(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    postman.deliver()
    customer.cancel(booking)
    worker.run()
    assert record_of(booking).status == "pending"
    assert statement_of(booking) == [("payment", 4500)]
    assert customer.refund_status(booking)["status"] == "in_progress"
    assert "refund_sent" not in mails(booking)
    sandbox.settle()
    postman.deliver()
    assert record_of(booking).status == "succeeded"
    assert mails(booking).count("refund_sent") == 1


def test_a_refund_that_waits_for_the_balance_is_pending_and_staff_are_told(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.set_balance("gbp", 0)
    worker.run()
    postman.deliver()
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("pending", "insufficient_funds")
    assert mails(cancelled, "staff") == ["refund_waits"]
    sandbox.set_balance("gbp", 100_000)
    postman.deliver()
    record.refresh_from_db()
    assert (record.status, record.last_error) == ("succeeded", "")


def test_a_refund_that_waits_for_the_customer_is_pending(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    postman.deliver()
    customer.cancel(booking)
    worker.run()
    sandbox.call(f"refunds/{refunds_at_stripe(sandbox, booking)[0]['id']}/require_action")
    postman.deliver()
    record = record_of(booking)
    assert (record.status, record.last_error) == ("pending", "requires_action")
    assert mails(booking, "staff") == ["refund_waits"]


def test_the_banks_reference_is_kept_when_it_comes_days_later(
    refunded: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    assert record_of(refunded).bank_reference == ""
    sandbox.settle()
    postman.deliver()
    assert len(record_of(refunded).bank_reference) == 23
    assert mails(refunded).count("refund_sent") == 1


def test_a_refund_that_left_though_it_was_paid_otherwise_is_flagged(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    worker.fault("answer_lost")
    worker.run()
    RefundRecord.objects.update(status="paid_otherwise", next_attempt_at=None)
    postman.deliver()
    record = record_of(cancelled)
    assert (record.status, record.may_be_paid_twice) == ("succeeded", True)
    assert mails(cancelled, "staff") == ["refund_paid_twice"]


def test_old_news_changes_nothing(refunded: Booking, worker: Worker, postman: Postman) -> None:
    before = statement_of(refunded), mails(refunded), refunded.audit_entries.count()
    postman.bring(postman.sandbox.all("events"))
    worker.wait(timedelta(minutes=1))
    assert (statement_of(refunded), mails(refunded), refunded.audit_entries.count()) == before


def test_a_dashboard_refund_whose_failure_is_heard_of_first_does_not_count_as_given_back(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    refund = sandbox.dashboard_refund(intent_of(paid), 1000)
    sandbox.fail_refund(refund["id"])
    postman.deliver("refund.failed")
    postman.deliver("refund.updated")
    postman.deliver("refund.created")
    assert record_of(paid).status == "failed"
    assert statement_of(paid) == [("payment", 4500)]
    assert mails(paid, "staff") == ["refund_failed"]


@pytest.mark.parametrize("end", ["failed", "canceled"])
@pytest.mark.parametrize("late", ["refund.created", "charge.refunded"])
def test_a_late_event_about_a_dashboard_refund_that_ended_and_was_sent_again_counts_for_nothing(
    paid: Booking, worker: Worker, sandbox: Sandbox, postman: Postman, late: str, end: str
) -> None:
    """It has no mark of ours, and the record has another refund by now: the trail remembers it."""
    refund = sandbox.dashboard_refund(intent_of(paid), 1000)
    (sandbox.fail_refund if end == "failed" else sandbox.cancel_refund)(refund["id"])
    postman.deliver("refund.updated")
    retry(paid, worker)
    worker.run()
    postman.deliver(late)
    worker.run()
    assert record_of(paid).status == "succeeded"
    assert statement_of(paid) == [("payment", 4500), ("refund", -1000)]
    assert [r["status"] for r in refunds_at_stripe(sandbox, paid)] == [end, "succeeded"]


def test_a_dashboard_refund_is_written_down_as_stripe_has_it(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    at_stripe = sandbox.dashboard_refund(intent_of(paid), 1000)
    postman.deliver("refund.created")
    row = vars(RefundRecord.objects.get())
    told = ("amount", "currency", "rule", "requested_by", "stripe_refund_id", "payment_id")
    assert {name: row[name] for name in told} == {
        "amount": 1000,
        "currency": "gbp",
        "rule": "dashboard",
        "requested_by": "stripe",
        "stripe_refund_id": at_stripe["id"],
        "payment_id": paid.payments.get().pk,
    }
    assert row["requested_at"].timestamp() == at_stripe["created"]

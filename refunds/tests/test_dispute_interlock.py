"""Refunds and chargebacks never both pay, whichever comes first and however it ends."""

from datetime import timedelta

import pytest

from bookings.errors import DomainError
from bookings.models import Booking
from config.tests.world import Customer, Postman, run_workers
from refunds import interlock
from refunds.models import Dispute, RefundRecord
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

pytestmark = pytest.mark.django_db(transaction=True)
OUR_MONEY = ("payment", "refund", "refund_returned", "chargeback", "chargeback_returned")


def tell(postman: Postman) -> None:
    """All events arrive, and workers do what follows."""
    postman.deliver()
    run_workers()


def kept(booking: Booking) -> int:
    """What the business has of the customer's money, fees aside."""
    return sum(amount for kind, amount in statement_of(booking) if kind in OUR_MONEY)


def held(booking: Booking) -> tuple[str, str]:
    record = record_of(booking)
    return record.status, record.held_for


def test_disputed_between_quote_and_cancellation_nothing_goes_out(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    quoted = customer.get(f"booking/{paid.reference}/cancel/")
    sandbox.dispute(intent_of(paid))
    tell(postman)
    answer = customer.cancel(paid, expected_refund=quoted["refund"]["amount"])
    run_workers()
    assert answer["booking"]["status"] == "cancelled"
    assert "your bank decides" in answer["refund"]["message"]
    assert held(paid) == ("on_hold", "dispute")
    assert refunds_at_stripe(sandbox, paid) == []
    assert customer.refund_status(paid)["status"] == "disputed"


def test_disputed_between_cancellation_and_submission_nothing_goes_out(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dispute(intent_of(cancelled))
    postman.lose()
    run_workers()
    assert held(cancelled) == ("on_hold", "dispute")
    assert Dispute.objects.get().status == "needs_response"
    assert refunds_at_stripe(sandbox, cancelled) == []


def test_a_chargeback_known_only_to_stripe_is_learnt_so_that_the_hold_ends(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))
    postman.lose()
    run_workers()
    sandbox.win(dispute["id"])
    tell(postman)
    assert record_of(cancelled).status == "succeeded"
    assert kept(cancelled) == 0


def test_won_what_waited_goes_out_once(cancelled: Booking, sandbox: Sandbox, postman: Postman) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))
    tell(postman)
    assert held(cancelled) == ("on_hold", "dispute")
    sandbox.win(dispute["id"])
    tell(postman)
    tell(postman)
    assert record_of(cancelled).status == "succeeded"
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, cancelled)] == [4500]
    assert kept(cancelled) == 0
    assert chain_is_whole(cancelled)


def test_lost_what_waited_is_settled(
    customer: Customer, cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))
    tell(postman)
    sandbox.lose(dispute["id"])
    tell(postman)
    assert record_of(cancelled).status == "settled_by_dispute"
    assert refunds_at_stripe(sandbox, cancelled) == []
    assert kept(cancelled) == 0
    assert "through the dispute" in customer.refund_status(cancelled)["message"]


def test_cancelled_after_the_loss_it_is_settled_at_once(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.lose(sandbox.dispute(intent_of(paid))["id"])
    tell(postman)
    answer = customer.cancel(paid)
    assert (answer["refund"]["status"], answer["refund"]["amount"]) == ("settled_by_dispute", 4500)


def test_lost_and_then_won_in_appeal_it_goes_out_after_all(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))["id"]
    sandbox.lose(dispute)
    tell(postman)
    sandbox.move_dispute(dispute, "appeal_under_review")
    tell(postman)
    assert held(cancelled) == ("on_hold", "dispute")
    sandbox.win(dispute)
    tell(postman)
    assert record_of(cancelled).status == "succeeded"
    assert kept(cancelled) == 0


@pytest.mark.parametrize("status", ["needs_attention", "failed", "canceled"])
def test_what_could_not_be_sent_is_settled_by_a_lost_dispute(
    cancelled: Booking, sandbox: Sandbox, postman: Postman, status: str
) -> None:
    RefundRecord.objects.update(status=status)
    sandbox.lose(sandbox.dispute(intent_of(cancelled))["id"])
    tell(postman)
    assert record_of(cancelled).status == "settled_by_dispute"


def test_an_inquiry_may_be_refunded_which_closes_it(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dispute(intent_of(cancelled), inquiry=True)
    tell(postman)
    tell(postman)
    assert record_of(cancelled).status == "succeeded"
    assert Dispute.objects.get().status == "warning_closed"
    assert kept(cancelled) == 0


def test_an_inquiry_that_escalates_holds_from_then_on(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    inquiry = sandbox.dispute(intent_of(paid), inquiry=True)["id"]
    tell(postman)
    sandbox.escalate(inquiry)
    tell(postman)
    customer.cancel(paid)
    run_workers()
    assert held(paid) == ("on_hold", "dispute")
    assert mails(paid, "staff").count("dispute_opened") == 2


def test_a_refund_that_was_out_already_is_flagged_with_the_amount_at_risk(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    run_workers()
    sandbox.advance(300)
    dispute = sandbox.dispute(intent_of(cancelled), amount=3000)
    tell(postman)
    record = record_of(cancelled)
    assert (record.status, record.may_be_paid_twice) == ("succeeded", True)
    assert interlock.paid_twice(record.payment) == 3000
    message = cancelled.messages.get(kind="refund_paid_twice")
    assert message.facts["at_risk"] == 3000
    sandbox.win(dispute["id"])
    tell(postman)
    record.refresh_from_db()
    assert not record.may_be_paid_twice


def test_a_part_refunded_before_a_chargeback_of_the_rest_is_not_paid_twice(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1000)
    sandbox.advance(300)
    sandbox.dispute(intent_of(paid), amount=3500)
    tell(postman)
    assert not record_of(paid).may_be_paid_twice
    assert kept(paid) == 0


def test_a_refund_overtaken_by_the_chargeback_waits_with_it_and_alarms_nobody(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    run_workers()
    dispute = sandbox.dispute(intent_of(cancelled))
    sandbox.settle()
    assert refunds_at_stripe(sandbox, cancelled)[0]["failure_reason"] == interlock.OVERTAKEN
    tell(postman)
    assert held(cancelled) == ("on_hold", "dispute")
    assert "refund_failed" not in mails(cancelled)
    sandbox.win(dispute["id"])
    tell(postman)
    postman.bring(sandbox.all("events"))  # all of it once more
    run_workers()
    assert record_of(cancelled).status == "succeeded"
    assert kept(cancelled) == 0


def test_the_overtaken_refund_s_failure_may_be_heard_before_the_dispute(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    run_workers()
    dispute = sandbox.dispute(intent_of(cancelled))
    sandbox.settle()
    postman.deliver("refund.created", "refund.failed", "refund.updated")
    assert "refund_failed" not in mails(cancelled)
    sandbox.lose(dispute["id"])
    tell(postman)
    assert record_of(cancelled).status == "settled_by_dispute"
    assert kept(cancelled) == 0


def test_a_partly_lost_dispute_leaves_the_refund_to_a_person(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.lose(sandbox.dispute(intent_of(cancelled), amount=2000)["id"])
    tell(postman)
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "not_covered_by_dispute")
    assert "refund_needs_attention" in mails(cancelled, "staff")


def test_an_unknown_status_counts_as_open(cancelled: Booking, sandbox: Sandbox, postman: Postman) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))["id"]
    sandbox.move_dispute(dispute, "waiting_for_the_moon")
    tell(postman)
    assert Dispute.objects.get().is_open
    assert held(cancelled) == ("on_hold", "dispute")


@pytest.mark.parametrize("held_for", ["staff", "approval"])
def test_a_hold_of_staff_outlives_a_won_dispute(
    cancelled: Booking, sandbox: Sandbox, postman: Postman, held_for: str
) -> None:
    RefundRecord.objects.update(status="on_hold", held_for=held_for)
    sandbox.win(sandbox.dispute(intent_of(cancelled))["id"])
    tell(postman)
    assert held(cancelled) == ("on_hold", held_for)


def test_two_chargebacks_hold_until_both_are_over(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    first, second = (sandbox.dispute(intent_of(cancelled), amount=2000)["id"] for _ in range(2))
    tell(postman)
    sandbox.win(first)
    tell(postman)
    assert held(cancelled) == ("on_hold", "dispute")
    sandbox.win(second)
    tell(postman)
    assert record_of(cancelled).status == "succeeded"


@pytest.mark.parametrize("ending", ["needs_response", "lost"])
def test_people_are_refused_while_a_chargeback_is_open_or_lost(
    paid: Booking, sandbox: Sandbox, postman: Postman, ending: str
) -> None:
    dispute = sandbox.dispute(intent_of(paid))
    if ending == "lost":
        sandbox.lose(dispute["id"])
    tell(postman)
    with pytest.raises(DomainError, check=lambda error: error.code == "payment_disputed"):
        interlock.refuse_if_disputed(paid.payments.get())


def test_a_long_dispute_won_at_last_uses_a_new_key(
    cancelled: Booking, sandbox: Sandbox, postman: Postman, worker: Worker
) -> None:
    dispute = sandbox.dispute(intent_of(cancelled))["id"]
    tell(postman)
    before = record_of(cancelled).idempotency_key
    worker.wait(timedelta(days=5))
    sandbox.win(dispute)
    postman.deliver()
    worker.run()
    record = record_of(cancelled)
    assert record.status == "succeeded"
    assert record.idempotency_key != before

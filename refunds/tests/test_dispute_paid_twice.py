"""A refund and a chargeback of the same money: flagged, and where it must be, left to a person."""

import pytest

from bookings.models import Booking
from config.tests.world import Postman, run_workers
from core.errors import DomainError
from refunds import interlock
from refunds.models import Dispute, RefundRecord
from refunds.tests.dispute_world import held, kept, tell
from refunds.tests.workshop import (
    intent_of,
    mails,
    record_of,
    refunds_at_stripe,
)
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_dashboard_refund_that_was_overtaken_is_not_repeated_by_us(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1000)
    tell(postman)
    dispute = sandbox.dispute(intent_of(paid))
    sandbox.settle()
    tell(postman)
    sandbox.win(dispute["id"])
    tell(postman)
    assert [refund.get("failure_reason") for refund in refunds_at_stripe(sandbox, paid)] == [
        interlock.OVERTAKEN
    ]
    assert record_of(paid).status == "failed"
    assert mails(paid, "staff").count("refund_failed") == 1


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


def test_the_overtaken_refund_s_failure_may_be_heard_after_the_dispute(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    run_workers()
    sandbox.dispute(intent_of(cancelled))
    tell(postman)
    sandbox.settle()
    postman.deliver("refund.failed")
    assert held(cancelled) == ("on_hold", "dispute")


def test_a_dashboard_refund_heard_of_after_the_dispute_is_flagged(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dashboard_refund(intent_of(paid), 1000)
    sandbox.advance(300)
    sandbox.dispute(intent_of(paid))
    postman.deliver("charge.dispute.created", "charge.dispute.funds_withdrawn")
    run_workers()
    assert not paid.refunds.exists()
    postman.deliver("refund.created")
    assert record_of(paid).may_be_paid_twice


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


def test_a_prevented_dispute_that_stripe_won_t_refund_leaves_the_refund_to_a_person(
    cancelled: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    prevented = sandbox.dispute(intent_of(cancelled))["id"]
    tell(postman)
    sandbox.call(f"disputes/{prevented}/prevent")
    tell(postman)
    record = record_of(cancelled)
    assert not record.payment.disputes.get().is_charge_refundable
    assert (record.status, kept(cancelled)) == ("needs_attention", 4500)

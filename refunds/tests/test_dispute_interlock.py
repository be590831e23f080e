"""Refunds wait while a chargeback is open, go on when it is won, and are settled by it when it is lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.racing import at_once
from config.tests.world import Customer, Postman, run_workers
from refunds.cancellation import cancel_booking
from refunds.disputes import intake
from refunds.disputes import reading as disputes_read
from refunds.models import Dispute, RefundRecord
from refunds.tests.dispute_world import held, kept, tell
from refunds.tests.workshop import (
    Worker,
    chain_is_whole,
    intent_of,
    mails,
    record_of,
    refunds_at_stripe,
)
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_cancelled_after_the_loss_nothing_is_left_to_give_back(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.lose(sandbox.dispute(intent_of(paid))["id"])
    tell(postman)
    answer = customer.cancel(paid)
    assert (answer["refund"]["status"], answer["refund"]["amount"]) == ("not_due", 0)
    assert "already been given back" in answer["refund"]["explanation"]


def test_cancelled_after_the_loss_it_is_owed_again_should_the_appeal_be_won(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(paid))["id"]
    sandbox.lose(dispute)
    tell(postman)
    customer.cancel(paid)
    sandbox.move_dispute(dispute, "appeal_under_review")
    tell(postman)
    assert paid.refunds.get(amount=4500).status == "on_hold"
    sandbox.win(dispute)
    tell(postman)
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, paid)] == [4500]
    assert kept(paid) == 0


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


def test_cancelled_disputed_and_sent_at_the_same_moment_nothing_goes_out(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    for days in range(2, 6):
        booking = customer.book_and_pay(service, starts_in=timedelta(days=days))
        dispute = sandbox.dispute(intent_of(booking))["id"]

        def hear(dispute: str = dispute) -> None:
            reading = disputes_read.read(dispute)
            with suppress(intake.Overlapping):
                intake.apply(reading, by=By("stripe", "webhook"), now=timezone.now())

        def cancel(booking: Booking = booking) -> None:
            bookings = Booking.objects.filter(pk=booking.pk)
            cancel_booking(bookings, by=By("staff:1", "admin"), now=timezone.now(), by_business=True)

        calls: list[Callable[[], None]] = [cancel, hear, run_workers, hear]
        at_once(calls)
        tell(postman)
        assert held(booking) == ("on_hold", "dispute")
        assert refunds_at_stripe(sandbox, booking) == []
        assert chain_is_whole(booking)

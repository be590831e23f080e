"""A payment that was disputed after goodwill was given: nothing is owed twice, and nothing gets stuck."""

import uuid

import pytest
from django.utils import timezone
from pytest_django import Settings

from backoffice.home.attention import concerns
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from payments.models import WebhookEvent
from refunds import interlock
from refunds.dispute_response import resolution
from refunds.models import Dispute, RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.bookkeeping import Reconcile
from refunds.tests.dispute_world import tell
from refunds.tests.workshop import intent_of, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def goodwill(booking: Booking, by: By) -> RefundRecord:
    payment, now = booking.payments.get(), timezone.now()
    return staff_actions.goodwill(payment, amount=1000, by=by, now=now, reason="Sorry.", key=uuid.uuid4())


def states(booking: Booking) -> list[tuple[str, str, int]]:
    return sorted(booking.refunds.values_list("rule", "status", "amount"))


def test_what_a_lost_dispute_has_settled_is_not_owed_again(
    customer: Customer, paid: Booking, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    goodwill(paid, staff)
    dispute = sandbox.dispute(intent_of(paid))["id"]
    tell(postman)
    sandbox.lose(dispute)
    tell(postman)
    assert customer.cancel(paid)["refund"]["amount"] == 0
    assert states(paid) == [("goodwill", "settled_by_dispute", 1000), ("in_time", "not_due", 0)]
    sandbox.move_dispute(dispute, "appeal_under_review")
    tell(postman)
    sandbox.win(dispute)
    tell(postman)
    assert sorted(refund["amount"] for refund in refunds_at_stripe(sandbox, paid)) == [1000, 3500]


def test_goodwill_that_a_dispute_overtook_and_the_cancellation_covers_is_not_owed_again(
    customer: Customer,
    service: Service,
    staff: By,
    sandbox: Sandbox,
    postman: Postman,
    reconcile: Reconcile,
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    postman.deliver()
    goodwill(booking, staff)
    run_workers()
    postman.deliver()
    sandbox.dispute(intent_of(booking))
    (refund,) = refunds_at_stripe(sandbox, booking)
    sandbox.fail_refund(refund["id"], interlock.OVERTAKEN)
    postman.deliver("refund.updated", "refund.failed")
    customer.cancel(booking)
    tell(postman)
    assert Dispute.objects.get().is_open
    assert not WebhookEvent.objects.filter(status="failed").exists()
    assert states(booking) == [("goodwill", "superseded", 1000), ("in_time", "on_hold", 4500)]
    reconcile()


def test_what_waits_for_approval_still_does_after_a_dispute(
    paid: Booking, staff: By, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    settings.APPROVAL_THRESHOLD = 500
    record = goodwill(paid, staff)
    dispute = sandbox.dispute(intent_of(paid))["id"]
    tell(postman)
    sandbox.lose(dispute)
    tell(postman)
    sandbox.move_dispute(dispute, "appeal_under_review")
    tell(postman)
    sandbox.win(dispute)
    tell(postman)
    record.refresh_from_db()
    assert (record.status, record.held_for) == ("on_hold", "approval")
    assert refunds_at_stripe(sandbox, paid) == []


def test_an_inquiry_needs_attention_until_its_refund_is_approved(
    paid: Booking, staff: By, sandbox: Sandbox, postman: Postman, settings: Settings
) -> None:
    settings.APPROVAL_THRESHOLD = 500
    sandbox.dispute(intent_of(paid), inquiry=True)
    tell(postman)
    dispute, now = Dispute.objects.get(), timezone.now()
    record = resolution.refund_inquiry(dispute, reason="ok", key=uuid.uuid4(), by=staff, now=now)
    withdrawal.withdraw(record, by=staff, now=now, reason="no")
    assert concerns()["dispute_needs_response"].count() == 1

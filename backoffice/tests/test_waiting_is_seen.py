"""Every state that waits for somebody has a place on the home page, an age, and a way out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.home import attention
from backoffice.refunds.actions import ON_A_RECORD
from backoffice.tests.desk_world import person, signed_in
from bookings.audit import By
from bookings.models import Booking, Message, Service
from config.tests.world import Customer, run_workers
from core.errors import DomainError
from refunds import account
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from sandbox.client import Sandbox

ADA = By("staff:11", "admin")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def seen(kind: str) -> int:
    return attention.concerns()[kind].count()


def offered(record: RefundRecord) -> set[str]:
    return {action.name for action in ON_A_RECORD if action.fits(record)}


def test_a_hold_that_staff_forgot_is_seen_with_its_age(queued: RefundRecord) -> None:
    held = staff_actions.put_on_hold(queued, by=ADA, now=timezone.now(), reason="Asking")
    RefundRecord.objects.update(requested_at=timezone.now() - timedelta(days=200))
    shown = signed_in(person("viewer")).get(reverse("admin:index")).content.decode()
    assert "Refunds that staff put on hold" in shown
    assert "the oldest for 200 days" in shown
    assert {"release", "withdraw"} <= offered(held)


def test_what_the_bank_has_had_for_a_month_is_seen_and_can_be_ended(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_pendingRefund")
    customer.postman.deliver()
    customer.cancel(booking)
    run_workers()
    record = booking.refunds.get()
    assert (record.status, seen("refund_pending_for_a_month")) == ("pending", 0)
    with pytest.raises(DomainError, match="not_possible"):
        staff_actions.paid_by_other_means(record, by=ADA, now=timezone.now(), reason="Transfer")
    RefundRecord.objects.update(
        requested_at=timezone.now() - timedelta(days=60), first_sent_at=timezone.now() - timedelta(days=60)
    )
    record.refresh_from_db()
    assert seen("refund_pending_for_a_month") == 1
    assert {"ask-stripe", "paid-otherwise"} <= offered(record)
    staff_actions.paid_by_other_means(record, by=ADA, now=timezone.now(), reason="Transfer")
    assert seen("refund_pending_for_a_month") == 0
    sandbox.settle()
    customer.postman.deliver()
    record.refresh_from_db()
    assert (record.status, record.may_be_paid_twice) == ("succeeded", True), "it went through after all"
    assert account.of(record.payment).too_much == 4500


def test_a_payment_under_way_a_hold_that_does_not_end_and_a_mail_that_nobody_got_are_seen(
    customer: Customer, service: Service
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_usBankAccount_success")
    customer.postman.deliver()
    assert seen("payment_processing") == 1
    Booking.objects.update(hold_expires_at=timezone.now() - timedelta(hours=2))
    assert seen("hold_overdue") == 1
    then = timezone.now() - timedelta(days=1)
    Message.objects.create(key="x", kind="refund_failed", to=Message.To.STAFF, created_at=then)
    assert seen("alert_unsent") == 1
    shown = signed_in(person("viewer")).get(reverse("admin:index")).content.decode()
    assert "Payments that the bank is processing" in shown

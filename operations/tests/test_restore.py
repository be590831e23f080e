"""Restored from a backup taken mid-way, the system catches up with Stripe and doubles nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from bookings.models import Booking, Service
from bookings.verification import Verification
from config.tests import backup
from config.tests.world import Customer, run_workers
from refunds.models import Finding, RefundRecord
from refunds.tests.workshop import Worker, intent_of, record_of, refunds_at_stripe, statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

Restore = Callable[[], None]


@pytest.fixture
def restore(cancelled: Booking, tmp_path: Path) -> Restore:
    """Back to where a refund was owed and not yet sent."""
    file = backup.take(tmp_path)
    return lambda: backup.put_back(file)


def reconcile() -> int:
    try:
        call_command("reconcile")
    except SystemExit as stop:
        return int(str(stop.code))
    return 0


def once(sandbox: Sandbox, booking: Booking) -> None:
    """It went out once, and we know it."""
    assert len(refunds_at_stripe(sandbox, booking)) == 1
    assert record_of(booking).status == "succeeded"
    assert statement_of(booking) == [("payment", 4500), ("refund", -4500)]
    assert list(Verification().breaks()) == []


def test_a_refund_sent_after_the_backup_is_found_by_reconciliation(
    cancelled: Booking, sandbox: Sandbox, restore: Restore
) -> None:
    run_workers()
    restore()
    assert record_of(cancelled).status == "queued"
    assert reconcile() == 0
    once(sandbox, cancelled)
    run_workers()
    once(sandbox, cancelled)
    assert reconcile() == 0


def test_a_worker_that_is_quicker_than_reconciliation_doubles_nothing(
    cancelled: Booking, sandbox: Sandbox, restore: Restore
) -> None:
    run_workers()
    restore()
    run_workers()
    once(sandbox, cancelled)
    assert reconcile() == 0


def test_nor_does_it_when_stripe_has_forgotten_the_key(
    cancelled: Booking, sandbox: Sandbox, worker: Worker, restore: Restore
) -> None:
    part = RefundRecord.objects.filter(booking=cancelled)
    part.update(amount=1000)  # Stripe itself would refuse a second refund of everything
    worker.run()
    restore()
    part.update(amount=1000)
    worker.wait(timedelta(days=2))
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, cancelled)] == [1000]


def test_a_payment_made_after_the_backup_is_shown_to_staff_until_it_is_given_back(
    customer: Customer, cancelled: Booking, massage: Service, sandbox: Sandbox, restore: Restore
) -> None:
    later = customer.book_and_pay(massage)
    intent = intent_of(later)
    restore()
    assert not Booking.objects.filter(reference=later.reference).exists()
    assert reconcile() == 1
    finding = Finding.objects.get(resolved_at=None)
    assert (finding.kind, finding.stripe_id) == ("missing_here", intent)
    assert finding.detail == {"ours": None, "theirs": "6000 gbp", "booking": later.reference}
    sandbox.dashboard_refund(intent)
    assert reconcile() == 0
    assert Finding.objects.get().resolved_by == "system"


def test_a_cancellation_made_after_the_backup_is_shown_to_staff_until_it_is_made_again(
    customer: Customer, paid: Booking, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = backup.take(tmp_path)
    customer.cancel(paid)
    run_workers()
    backup.put_back(file)
    assert reconcile() == 1
    assert Finding.objects.get().kind == "record_lost"
    assert customer.cancel(paid)["refund"]["amount"] == 0
    run_workers()
    assert reconcile() == 0
    assert len(refunds_at_stripe(sandbox, paid)) == 1
    assert statement_of(paid) == [("payment", 4500), ("refund", -4500)]


def test_a_person_is_as_they_were(customer: Customer, restore: Restore) -> None:
    User.objects.all().update(name="Changed")
    restore()
    assert not User.objects.filter(name="Changed").exists()

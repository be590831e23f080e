"""Promised is not given: in no order of events is somebody still owed, or has more than all."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from backoffice.home.attention import concerns
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from core.errors import DomainError
from refunds import account
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.dispute_world import tell
from refunds.tests.workshop import intent_of, mails, record_of, refunds_at_stripe
from sandbox.client import Sandbox

ADA, BOB = By("staff:11", "admin"), By("staff:12", "admin")

pytestmark = pytest.mark.django_db(transaction=True)


def goodwill(booking: Booking, amount: int) -> RefundRecord:
    payment = booking.payments.get(status="succeeded")
    now = timezone.now()
    return staff_actions.goodwill(payment, amount=amount, by=ADA, now=now, reason="Late", key=uuid.uuid4())


def withdraw(record: RefundRecord) -> None:
    record.refresh_from_db()
    withdrawal.withdraw(record, by=ADA, now=timezone.now(), reason="No")


def sent(sandbox: Sandbox, booking: Booking) -> list[int]:
    return [r["amount"] for r in refunds_at_stripe(sandbox, booking) if r["status"] == "succeeded"]


def come_back(record: RefundRecord, sandbox: Sandbox, postman: Postman) -> None:
    record.refresh_from_db()
    sandbox.fail_refund(record.stripe_refund_id or "")
    tell(postman)


@pytest.mark.parametrize("by_business", [False, True])
def test_goodwill_that_only_waits_for_approval_takes_nothing_from_what_is_owed(
    customer: Customer, paid: Booking, sandbox: Sandbox, settings: Settings, by_business: bool
) -> None:
    settings.APPROVAL_THRESHOLD = 2000
    waiting = goodwill(paid, 2500)
    assert waiting.held_for == "approval"
    assert customer.get(f"booking/{paid.reference}/cancel/")["refund"]["amount"] == 4500
    assert customer.cancel(paid)["refund"]["amount"] == 4500
    run_workers()
    waiting.refresh_from_db()
    assert waiting.status == "superseded"
    assert sent(sandbox, paid) == [4500]


def test_goodwill_that_has_not_gone_out_is_a_part_of_everything(
    customer: Customer, paid: Booking, sandbox: Sandbox
) -> None:
    goodwill(paid, 1000)
    assert customer.cancel(paid)["refund"]["amount"] == 4500
    run_workers()
    assert sent(sandbox, paid) == [4500]


def test_goodwill_that_came_back_after_the_cancellation_and_is_withdrawn_is_owed_all_the_same(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    given = goodwill(paid, 2500)
    run_workers()
    assert customer.cancel(paid)["refund"]["amount"] == 2000
    tell(postman)
    come_back(given, sandbox, postman)
    withdraw(given)
    run_workers()
    assert sorted(sent(sandbox, paid)) == [2000, 2500]
    assert "refund_withdrawn" not in mails(paid)
    rest = paid.refunds.get(amount=2500, status="succeeded")
    assert (rest.rule, rest.rest_of) == ("in_time", paid.refunds.get(amount=2000))
    assert customer.cancel(paid)["refund"]["amount"] == 2000, "the same answer again"


def test_what_a_dashboard_refund_had_covered_comes_back_with_it(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    elsewhere = sandbox.dashboard_refund(intent_of(paid), 1000)
    tell(postman)
    customer.cancel(paid)
    run_workers()
    sandbox.fail_refund(elsewhere["id"])
    tell(postman)
    assert sorted(sent(sandbox, paid)) == [1000, 3500]
    assert account.of(paid.payments.get()).left == 0
    assert paid.refunds.get(rule="dashboard").status == "superseded"


def test_goodwill_is_kept_to_its_word_when_what_covered_it_comes_back(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    goodwill(paid, 2500)
    elsewhere = sandbox.dashboard_refund(intent_of(paid), 4000)
    tell(postman)
    sandbox.fail_refund(elsewhere["id"])
    tell(postman)
    assert sum(sent(sandbox, paid)) == 2500


def test_what_a_lost_chargeback_took_is_in_no_quote_record_or_button(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.lose(sandbox.dispute(intent_of(paid), amount=2000)["id"])
    tell(postman)
    assert customer.get(f"booking/{paid.reference}/cancel/")["refund"]["amount"] == 2500
    assert customer.cancel(paid)["refund"]["amount"] == 2500
    record = record_of(paid)
    assert (record.status, record.amount) == ("needs_attention", 2500)
    staff_actions.paid_by_other_means(record, by=ADA, now=timezone.now(), reason="Bank transfer")
    sums = account.of(record.payment)
    assert (sums.given, sums.left, sums.kept, sums.too_much) == (4500, 0, 0, 0)


def test_a_transfer_and_a_lost_chargeback_are_flagged_as_paid_twice(
    failed: RefundRecord, sandbox: Sandbox, postman: Postman
) -> None:
    staff_actions.paid_by_other_means(failed, by=ADA, now=timezone.now(), reason="Bank transfer")
    dispute = sandbox.dispute(intent_of(failed.booking))["id"]
    tell(postman)
    failed.refresh_from_db()
    assert failed.may_be_paid_twice
    sandbox.lose(dispute)
    tell(postman)
    failed.refresh_from_db()
    assert (failed.status, failed.may_be_paid_twice) == ("paid_otherwise", True)
    assert account.of(failed.payment).too_much == 4500
    assert "refund_paid_twice" in mails(failed.booking, "staff")


def test_a_refund_that_came_back_waits_with_an_open_chargeback(
    failed: RefundRecord, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(failed.booking))["id"]
    tell(postman)
    failed.refresh_from_db()
    assert (failed.status, failed.held_for) == ("on_hold", "dispute")
    sandbox.lose(dispute)
    tell(postman)
    failed.refresh_from_db()
    assert failed.status == "settled_by_dispute"


def test_ours_failed_and_all_of_it_was_given_in_the_dashboard(
    customer: Customer, failed: RefundRecord, sandbox: Sandbox, postman: Postman
) -> None:
    booking = failed.booking
    sandbox.dashboard_refund(intent_of(booking))
    tell(postman)
    failed.refresh_from_db()
    assert failed.status == "superseded"
    assert customer.refund_status(booking)["status"] == "succeeded"
    assert not concerns()["refund_failed"].exists()
    postman.bring(sandbox.all("events"))
    failed.refresh_from_db()
    assert failed.status == "superseded"


def test_ours_failed_and_a_part_was_given_in_the_dashboard(
    failed: RefundRecord, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dashboard_refund(intent_of(failed.booking), 1000)
    tell(postman)
    failed.refresh_from_db()
    staff_actions.retry(failed, by=ADA, now=timezone.now())
    run_workers()
    assert sorted(sent(sandbox, failed.booking)) == [1000, 3500]


def test_money_that_can_not_stay_is_owed_again_when_the_dashboard_s_refund_comes_back(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    intent = customer.pay(booking)
    customer.cancel(booking)
    elsewhere = sandbox.dashboard_refund(intent)
    tell(postman)
    sandbox.fail_refund(elsewhere["id"])
    tell(postman)
    assert sent(sandbox, booking) == [4500]
    assert booking.refunds.get(rule="orphaned_payment").status == "succeeded"


def test_a_withdrawal_by_mistake_is_undone(queued: RefundRecord, sandbox: Sandbox) -> None:
    withdraw(queued)
    run_workers()
    assert mails(queued.booking)[-1] == "refund_withdrawn"
    queued.refresh_from_db()
    staff_actions.undo_withdrawal(queued, by=BOB, now=timezone.now())
    run_workers()
    assert sent(sandbox, queued.booking) == [4500]


def test_what_nobody_agreed_to_is_never_heard_of(
    customer: Customer, paid: Booking, settings: Settings
) -> None:
    settings.APPROVAL_THRESHOLD = 2000
    record = goodwill(paid, 2500)
    before = customer.refund_status(paid)
    assert (before["refunds"], before["in_progress"], before["status"]) == ([], 0, "none")
    withdraw(record)
    assert customer.refund_status(paid) == before
    assert not any(kind.startswith("refund") for kind in mails(paid))


def test_what_was_given_up_without_knowing_is_withdrawn_only_once_stripe_was_asked(
    queued: RefundRecord, sandbox: Sandbox
) -> None:
    RefundRecord.objects.update(status="needs_attention", first_sent_at=timezone.now())
    with pytest.raises(DomainError, match="not_possible"):
        withdraw(queued)
    queued.refresh_from_db()
    told = staff_actions.ask_stripe_now(queued, by=ADA, now=timezone.now())
    assert told == "it was never sent"
    withdraw(queued)
    queued.refresh_from_db()
    assert queued.status == "withdrawn"


def test_only_what_was_paid_and_may_stay_pays_for_a_booking(paid: Booking) -> None:
    assert account.kept_payment(paid) == paid.payments.get()
    for change in ({"orphaned": True}, {"orphaned": False, "status": "processing"}):
        paid.payments.update(**change)
        assert account.kept_payment(paid) is None


def test_the_records_of_a_payment_are_read_oldest_first(paid: Booking) -> None:
    payment, now = paid.payments.get(), timezone.now()
    for number, at in ((2, now), (1, now + timedelta(seconds=1))):
        key = uuid.UUID(int=number)
        staff_actions.goodwill(payment, amount=100, by=ADA, now=at, reason="Late", key=key)
    assert [record.pk.int for record in account.read(payment).records] == [2, 1]

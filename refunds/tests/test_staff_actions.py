"""What staff do with refunds, driven through the real worker and the Stripe sandbox."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import AuditEntry, Booking, Service
from config.tests.world import Customer, Postman, run_workers
from core.errors import DomainError
from payments.models import PaymentTransaction
from refunds.account import kept_payment
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.workshop import mails, refunds_at_stripe
from sandbox.client import Sandbox

ADA, BOB = By("staff:11", "admin"), By("staff:12", "admin")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def goodwill(booking: Booking, amount: int, *, key: uuid.UUID | None = None, by: By = ADA) -> RefundRecord:
    payment = kept_payment(booking)
    assert payment is not None
    return staff_actions.goodwill(
        payment, amount=amount, by=by, now=timezone.now(), reason="Late start", key=key or uuid.uuid4()
    )


def refused(code: str) -> "pytest.RaisesExc[DomainError]":
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_a_refund_that_came_back_is_sent_again_with_a_new_key(
    failed: RefundRecord, customer: Customer
) -> None:
    key = failed.idempotency_key
    staff_actions.retry(failed, by=ADA, now=NOW, reason="New card")
    run_workers()
    failed.refresh_from_db()
    assert (failed.status, failed.generation) == ("succeeded", 2)
    assert failed.idempotency_key != key
    assert customer.refund_status(failed.booking)["refunded"] == 4500


def test_queued_again_nothing_of_the_last_attempt_is_left(failed: RefundRecord) -> None:
    RefundRecord.objects.update(attempts=3, bank_reference="1234", last_error="lost_or_stolen_card")
    failed.refresh_from_db()
    staff_actions.retry(failed, by=ADA, now=NOW)
    row = vars(RefundRecord.objects.get())
    left = ("stripe_refund_id", "settled_at", "first_sent_at", "lease_token", "lease_until")
    assert [row[name] for name in left] == [None] * len(left)
    texts = ("failure_reason", "bank_reference", "last_error", "held_for")
    assert [row[name] for name in texts] == [""] * len(texts)
    assert (row["status"], row["attempts"], row["generation"]) == ("queued", 0, 2)


def test_retrying_twice_from_one_page_sends_once(failed: RefundRecord) -> None:
    staff_actions.retry(failed, by=ADA, now=NOW)
    with refused("changed"):
        staff_actions.retry(failed, by=ADA, now=NOW)
    run_workers()
    assert PaymentTransaction.objects.filter(kind="refund").count() == 2  # it came back once


def test_what_was_given_back_otherwise_is_not_sent_again(failed: RefundRecord) -> None:
    goodwill(failed.booking, 1000)
    run_workers()
    staff_actions.retry(failed, by=ADA, now=NOW)
    run_workers()
    failed.refresh_from_db()
    assert (failed.status, failed.amount) == ("succeeded", 3500)


def test_nothing_is_sent_again_when_all_was_given_back_otherwise(failed: RefundRecord) -> None:
    goodwill(failed.booking, 4500)
    with refused("too_much"):
        staff_actions.retry(failed, by=ADA, now=NOW)
    run_workers()
    failed.refresh_from_db()
    assert failed.status == "superseded"


def test_a_disputed_payment_gets_no_retry_and_no_goodwill(
    failed: RefundRecord, customer: Customer, sandbox: Sandbox
) -> None:
    RefundRecord.objects.update(rule="dashboard")  # what was owed by us would wait with the dispute
    failed.refresh_from_db()
    sandbox.dispute(failed.payment.stripe_payment_intent_id or "")
    customer.postman.deliver()
    run_workers()
    with refused("payment_disputed"):
        staff_actions.retry(failed, by=ADA, now=NOW)
    with refused("payment_disputed"):
        goodwill(failed.booking, 100)


def test_a_refund_on_hold_goes_out_only_when_released(queued: RefundRecord) -> None:
    held = staff_actions.put_on_hold(queued, by=ADA, now=NOW, reason="Asking the customer")
    run_workers()
    queued.refresh_from_db()
    assert (queued.status, queued.held_for) == ("on_hold", "staff")
    staff_actions.release(held, by=BOB, now=NOW)
    run_workers()
    queued.refresh_from_db()
    assert queued.status == "succeeded"


def test_a_withdrawn_refund_never_goes_out(queued: RefundRecord) -> None:
    withdrawal.withdraw(queued, by=ADA, now=NOW, reason="Booked again")
    run_workers()
    queued.refresh_from_db()
    assert queued.status == "withdrawn"
    assert not PaymentTransaction.objects.filter(kind="refund").exists()


def test_what_was_sent_can_be_neither_held_nor_withdrawn(queued: RefundRecord) -> None:
    run_workers()
    queued.refresh_from_db()
    for call_back in (staff_actions.put_on_hold, withdrawal.withdraw):
        with refused("not_possible"):
            call_back(queued, by=ADA, now=NOW, reason="Too late")


def test_asking_stripe_takes_in_what_no_webhook_told(queued: RefundRecord, sandbox: Sandbox) -> None:
    run_workers()
    queued.refresh_from_db()
    sandbox.fail_refund(queued.stripe_refund_id or "")
    assert staff_actions.ask_stripe_now(queued, by=ADA, now=NOW) == "refund failed"
    queued.refresh_from_db()
    assert queued.status == "failed"
    assert staff_actions.ask_stripe_now(queued, by=ADA, now=NOW) == ""


def test_asking_stripe_when_it_is_busy_changes_nothing(queued: RefundRecord, sandbox: Sandbox) -> None:
    sandbox.fault("rate_limit")
    with refused("stripe_unavailable"):
        staff_actions.ask_stripe_now(queued, by=ADA, now=NOW)
    queued.refresh_from_db()
    assert queued.status == "queued"


def test_goodwill_goes_back_without_cancelling(paid: Booking, customer: Customer) -> None:
    record = goodwill(paid, 1500)
    run_workers()
    record.refresh_from_db()
    paid.refresh_from_db()
    assert (record.status, record.rule, paid.status) == ("succeeded", "goodwill", "confirmed")
    assert record.requested_by == "staff:11"


def test_one_form_makes_one_refund_and_two_forms_make_two(paid: Booking) -> None:
    key = uuid.uuid4()
    assert goodwill(paid, 1000, key=key).pk == goodwill(paid, 1000, key=key).pk
    goodwill(paid, 1000)
    run_workers()
    assert paid.refunds.filter(status="succeeded", amount=1000).count() == 2


def test_a_form_can_not_be_sent_again_with_another_amount(paid: Booking) -> None:
    key = uuid.uuid4()
    goodwill(paid, 1000, key=key)
    with refused("form_used"):
        goodwill(paid, 2000, key=key)


@pytest.mark.parametrize(("amount", "code"), [(4501, "too_much"), (0, "bad_amount"), (-5, "bad_amount")])
def test_goodwill_is_never_more_than_is_kept(paid: Booking, amount: int, code: str) -> None:
    with refused(code):
        goodwill(paid, amount)


def test_what_is_on_its_way_is_not_given_twice(paid: Booking) -> None:
    goodwill(paid, 4000)
    with refused("too_much"):
        goodwill(paid, 501)


def test_yen_and_kronur_keep_to_their_grid(customer: Customer) -> None:
    kronur = Service.objects.create(
        name="Klipping", duration=timedelta(hours=1), price=500000, currency="isk"
    )
    booking = customer.book_and_pay(kronur)
    with refused("bad_amount"):
        goodwill(booking, 150)
    assert goodwill(booking, 100).amount == 100


def test_paid_by_other_means_ends_what_is_owed(failed: RefundRecord, customer: Customer) -> None:
    staff_actions.paid_by_other_means(failed, by=ADA, now=NOW, reason="Bank transfer")
    assert customer.refund_status(failed.booking)["status"] == "succeeded"
    with refused("too_much"):
        goodwill(failed.booking, 1)


def test_how_it_was_paid_has_to_be_said(failed: RefundRecord) -> None:
    with refused("reason_missing"):
        staff_actions.paid_by_other_means(failed, by=ADA, now=NOW, reason=" ")


def test_who_and_what_is_in_the_trail_but_no_free_text(failed: RefundRecord) -> None:
    staff_actions.retry(failed, by=ADA, now=NOW, reason="Mrs Miller rang from 0161 496 0000")
    entry = AuditEntry.objects.filter(booking=failed.booking, action="refund.queued").latest("pk")
    assert (entry.actor, entry.source) == ("staff:11", "admin")
    assert "Miller" not in str(entry.detail)
    failed.refresh_from_db()
    assert "staff:11: Mrs Miller rang" in failed.reason


def test_what_came_back_and_is_covered_by_the_cancellation_is_over_for_good(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    record = goodwill(paid, 1000)
    run_workers()
    sandbox.fail_refund(refunds_at_stripe(sandbox, paid)[0]["id"])
    postman.deliver("refund.failed")
    customer.cancel(paid)
    run_workers()
    postman.deliver()
    postman.bring(sandbox.all("events"))
    record.refresh_from_db()
    assert record.status == "superseded"
    with refused("not_possible"):
        staff_actions.retry(record, by=ADA, now=timezone.now())
    assert mails(paid).count("refund_failed") == 1

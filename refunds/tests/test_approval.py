"""Above a set amount a second person must agree, and nobody agrees to their own."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from core.errors import DomainError
from refunds.account import kept_payment
from refunds.cancellation import cancel_booking
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.workshop import refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def booking(customer: Customer, service: Service, settings: Settings) -> Booking:
    settings.APPROVAL_THRESHOLD = 2000
    return customer.book_and_pay(service)


def staff(name: str) -> By:
    return By(f"staff:{User.objects.create_user(name).pk}", "admin")


def give(booking: Booking, amount: int, by: By) -> RefundRecord:
    payment = kept_payment(booking)
    assert payment is not None
    return staff_actions.goodwill(
        payment, amount=amount, by=by, now=timezone.now(), reason="Sorry", key=uuid.uuid4()
    )


def test_up_to_the_threshold_one_person_is_enough(booking: Booking) -> None:
    assert give(booking, 2000, staff("clerk")).status == "queued"


def test_above_it_nothing_goes_out_until_another_person_agrees(booking: Booking) -> None:
    record = give(booking, 2001, staff("clerk"))
    run_workers()
    record.refresh_from_db()
    assert (record.status, record.held_for) == ("on_hold", "approval")
    boss = staff("boss")
    staff_actions.approve(record, by=boss, now=timezone.now())
    run_workers()
    record.refresh_from_db()
    assert record.status == "succeeded"
    assert f"staff:{record.approved_by_id}" == boss.actor


def test_what_only_waits_for_approval_keeps_nothing_that_was_promised_from_going_out(
    booking: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    """Given 2000, which comes back; 2500 and more wait for approval; the 2000 are sent again."""
    clerk = staff("clerk")
    first = give(booking, 2000, clerk)
    came_back(first, sandbox, postman)
    asked = give(booking, 4000, clerk)
    staff_actions.retry(first, by=clerk, now=timezone.now())
    first.refresh_from_db()
    staff_actions.approve(first, by=staff("boss"), now=timezone.now())
    run_workers()
    first.refresh_from_db()
    assert first.status == "succeeded"
    with pytest.raises(DomainError, match="too_much"):
        staff_actions.approve(asked, by=staff("third"), now=timezone.now())
    with pytest.raises(IntegrityError, match="exceed the payment"), transaction.atomic():
        RefundRecord.objects.filter(pk=asked.pk).update(status="queued", held_for="")


def test_nobody_approves_their_own(booking: Booking) -> None:
    clerk = staff("clerk")
    with pytest.raises(DomainError, match="own_refund"):
        staff_actions.approve(give(booking, 2001, clerk), by=clerk, now=timezone.now())


def test_the_system_approves_nothing(booking: Booking) -> None:
    record = give(booking, 2001, staff("clerk"))
    with pytest.raises(DomainError, match="own_refund"):
        staff_actions.approve(record, by=By("system", "command"), now=timezone.now())


def test_slices_below_the_threshold_add_up(booking: Booking) -> None:
    clerk = staff("clerk")
    assert give(booking, 1500, clerk).status == "queued"
    assert give(booking, 501, clerk).held_for == "approval"


def test_what_waits_for_approval_can_not_simply_be_released(booking: Booking) -> None:
    record = give(booking, 2001, staff("clerk"))
    with pytest.raises(DomainError, match="held_otherwise"):
        staff_actions.release(record, by=staff("boss"), now=timezone.now())


def test_approving_twice_is_refused(booking: Booking) -> None:
    record, boss = give(booking, 2001, staff("clerk")), staff("boss")
    staff_actions.approve(record, by=boss, now=timezone.now())
    with pytest.raises(DomainError, match="changed"):
        staff_actions.approve(record, by=boss, now=timezone.now())


def came_back(record: RefundRecord, sandbox: Sandbox, postman: Postman) -> None:
    run_workers()
    record.refresh_from_db()
    sandbox.fail_refund(record.stripe_refund_id or "")
    postman.deliver()
    record.refresh_from_db()


def test_goodwill_that_was_approved_counts_too(booking: Booking) -> None:
    clerk = staff("clerk")
    staff_actions.approve(give(booking, 2500, clerk), by=staff("boss"), now=timezone.now())
    assert give(booking, 1, clerk).held_for == "approval"


def test_sending_again_what_came_back_is_no_way_around_the_second_person(
    booking: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    clerk, boss = staff("clerk"), staff("boss")
    first = give(booking, 2000, clerk)
    came_back(first, sandbox, postman)
    assert give(booking, 2000, clerk).status == "queued"
    staff_actions.retry(first, by=boss, now=timezone.now())
    first.refresh_from_db()
    assert (first.status, first.held_for) == ("on_hold", "approval")
    for had_a_part in (clerk, boss):
        with pytest.raises(DomainError, match="own_refund"):
            staff_actions.approve(first, by=had_a_part, now=timezone.now())
    staff_actions.approve(first, by=staff("third"), now=timezone.now())
    run_workers()
    sent = [r["amount"] for r in refunds_at_stripe(sandbox, booking) if r["status"] == "succeeded"]
    assert sent == [2000, 2000]


def test_undoing_a_withdrawal_is_no_way_around_the_second_person(booking: Booking) -> None:
    clerk = staff("clerk")
    first = give(booking, 2000, clerk)
    withdrawal.withdraw(first, by=clerk, now=timezone.now(), reason="No")
    give(booking, 2000, clerk)
    first.refresh_from_db()
    staff_actions.undo_withdrawal(first, by=clerk, now=timezone.now())
    first.refresh_from_db()
    assert (first.status, first.held_for) == ("on_hold", "approval")


def test_a_member_of_staff_who_is_the_customer_approves_nothing_of_theirs(booking: Booking) -> None:
    record = give(booking, 2001, staff("clerk"))
    with pytest.raises(DomainError, match="own_refund"):
        staff_actions.approve(record, by=By(f"staff:{booking.customer_id}", "admin"), now=timezone.now())


def test_withdrawing_what_is_owed_takes_a_second_person(customer: Customer, booking: Booking) -> None:
    clerk, boss = staff("clerk"), staff("boss")
    customer.cancel(booking)
    record = booking.refunds.get()
    withdrawal.withdraw(record, by=clerk, now=timezone.now(), reason="Booked again")
    run_workers()
    record.refresh_from_db()
    assert (record.status, record.held_for) == ("on_hold", "withdrawal")
    with pytest.raises(DomainError, match="own_refund"):
        staff_actions.approve(record, by=clerk, now=timezone.now())
    staff_actions.approve(record, by=boss, now=timezone.now())
    record.refresh_from_db()
    assert record.status == "withdrawn"


def test_a_withdrawal_that_nobody_agrees_to_can_be_released(customer: Customer, booking: Booking) -> None:
    customer.cancel(booking)
    record = booking.refunds.get()
    withdrawal.withdraw(record, by=staff("clerk"), now=timezone.now(), reason="?")
    record.refresh_from_db()
    staff_actions.release(record, by=staff("boss"), now=timezone.now())
    run_workers()
    record.refresh_from_db()
    assert record.status == "succeeded"


def test_cancelling_for_the_business_above_the_threshold_takes_a_second_person(
    booking: Booking, sandbox: Sandbox
) -> None:
    clerk, mine = staff("clerk"), Booking.objects.filter(pk=booking.pk)
    done = cancel_booking(mine, by=clerk, now=timezone.now(), by_business=True)
    run_workers()
    assert done.record is not None
    assert done.booking.status == "cancelled", "the slot is free at once"
    done.record.refresh_from_db()
    assert (done.record.status, done.record.held_for, done.record.amount) == ("on_hold", "approval", 4500)
    with pytest.raises(DomainError, match="own_refund"):
        staff_actions.approve(done.record, by=clerk, now=timezone.now())
    staff_actions.approve(done.record, by=staff("boss"), now=timezone.now())
    run_workers()
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [4500]


def test_cancelled_for_the_business_while_disputed_it_still_takes_a_second_person(
    booking: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    intent = str(booking.payments.get().stripe_payment_intent_id)
    dispute = sandbox.dispute(intent)["id"]
    postman.deliver()
    run_workers()
    mine = Booking.objects.filter(pk=booking.pk)
    cancel_booking(mine, by=staff("clerk"), now=timezone.now(), by_business=True)
    sandbox.win(dispute)
    postman.deliver()
    run_workers()
    record = booking.refunds.get()
    assert (record.status, record.held_for) == ("on_hold", "approval")

"""Above a set amount a second person must agree, and nobody agrees to their own."""

import uuid

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, run_workers
from core.errors import DomainError
from refunds import staff_actions
from refunds.account import kept_payment
from refunds.models import RefundRecord

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

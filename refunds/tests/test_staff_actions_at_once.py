"""Staff who click at the same moment, on connections of their own."""

import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.racing import at_once
from core.errors import DomainError
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.workshop import Worker, record_of, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_sent_five_times_at_once_makes_one_refund(paid: Booking) -> None:
    payment, key = paid.payments.get(), uuid.uuid4()

    def give() -> uuid.UUID:
        by = By("staff:1", "admin")
        return staff_actions.goodwill(
            payment, amount=700, by=by, now=timezone.now(), reason="Sorry", key=key
        ).pk

    assert at_once([give] * 5) == [key] * 5
    assert paid.refunds.count() == 1


def test_hold_and_withdraw_at_once_leave_one_of_them_done(cancelled: Booking, worker: Worker) -> None:
    record = record_of(cancelled)

    def tried(act: Callable[..., RefundRecord]) -> str:
        try:
            done = act(record, by=By("staff:1", "admin"), now=timezone.now(), reason="So")
        except DomainError as error:
            return error.code
        return str(done.status)

    answers = at_once([lambda: tried(staff_actions.put_on_hold), lambda: tried(withdrawal.withdraw)])
    record.refresh_from_db()
    assert sorted(answers) == sorted(["changed", record.status])
    worker.run()
    record.refresh_from_db()
    assert record.status in ("on_hold", "withdrawn")


def test_a_retry_clicked_by_two_people_at_once_is_sent_once(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    RefundRecord.objects.update(status="needs_attention")
    record = record_of(cancelled)

    def again(person: int) -> str:
        try:
            staff_actions.retry(record, by=By(f"staff:{person}", "admin"), now=timezone.now())
        except DomainError as error:
            return error.code
        return "queued"

    assert sorted(at_once([lambda: again(1), lambda: again(2)])) == ["changed", "queued"]
    worker.run()
    assert len(refunds_at_stripe(sandbox, cancelled)) == 1

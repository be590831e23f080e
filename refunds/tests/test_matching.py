"""Whose a refund at Stripe is, and whether what is told of it is over."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.models import Booking, Service
from config.tests.world import Customer, run_workers
from refunds.models import RefundRecord
from refunds.sending import matching
from refunds.tests.workshop import refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = pytest.mark.once


def refund_of(record: RefundRecord, **others: str) -> dict[str, Any]:
    mark = {"refund_record": str(record.pk), **others}
    return {"id": "re_2", "status": "failed", "metadata": mark}


def test_a_second_refund_with_our_mark_is_not_the_record_s() -> None:
    record = RefundRecord(stripe_refund_id="re_1")
    assert matching.match([record], refund_of(record)) is None


def test_a_mark_without_a_generation_is_not_taken_for_an_earlier_one() -> None:
    record = RefundRecord(generation=1)
    assert not matching.is_old_news([record], refund_of(record), is_present=False)
    assert matching.is_old_news([record], refund_of(record, generation="2"), is_present=False)


@pytest.mark.django_db
def test_a_refund_is_over_when_it_failed_and_for_its_own_booking(
    customer: Customer, cancelled: Booking, service: Service, sandbox: Sandbox
) -> None:
    run_workers()
    (refund,) = refunds_at_stripe(sandbox, cancelled)
    assert not matching.is_over(cancelled.pk, refund)
    sandbox.fail_refund(refund["id"])
    customer.postman.deliver()
    other = customer.book(service, starts_in=timedelta(hours=99))
    assert (matching.is_over(cancelled.pk, refund), matching.is_over(other.pk, refund)) == (True, False)

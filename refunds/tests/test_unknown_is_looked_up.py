"""What may have been done at Stripe is looked up, not guessed, and never sent twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking
from config.tests.world import Postman
from refunds import attempts
from refunds.models import RefundRecord
from refunds.tests.workshop import (
    Worker,
    chain_is_whole,
    mails,
    record_of,
    refunds_at_stripe,
    statement_of,
)
from sandbox.client import Sandbox

pytestmark = pytest.mark.once

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def one_refund(sandbox: Sandbox, booking: Booking) -> None:
    record = record_of(booking)
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [4500]
    assert record.status == "succeeded"
    assert statement_of(booking) == [("payment", 4500), ("refund", -4500)]
    assert mails(booking).count("refund_sent") == 1
    assert chain_is_whole(booking)


def asked(sandbox: Sandbox, endpoint: str) -> int:
    return int(sandbox.stats()["by_endpoint"].get(endpoint, 0))


@pytest.mark.parametrize("fault", ["answer_lost", "error_after", "broken_body"])
def test_a_refund_whose_answer_is_lost_is_found_again_by_our_mark(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, fault: str
) -> None:
    worker.fault(fault)
    worker.run()
    assert record_of(cancelled).status == "unknown"
    worker.wait(MINUTE)
    one_refund(sandbox, cancelled)


@pytest.mark.parametrize("fault", ["dropped", "outage", "key_in_use"])
def test_a_refund_that_never_reached_stripe_is_looked_up_and_sent_again(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, fault: str
) -> None:
    worker.fault(fault)
    worker.run()
    assert record_of(cancelled).status == "unknown"
    worker.wait(MINUTE)
    one_refund(sandbox, cancelled)
    assert record_of(cancelled).generation == 1


def test_a_500_kept_by_the_key_is_waited_out_under_the_same_key(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    worker.fault("error_before")
    worker.run()
    for _ in range(8):
        worker.wait(timedelta(hours=2))
        assert refunds_at_stripe(sandbox, cancelled) == []
    for _ in range(8):
        worker.wait(timedelta(hours=2))
    one_refund(sandbox, cancelled)
    assert record_of(cancelled).generation == 1


def test_while_looking_up_fails_nothing_is_sent(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> None:
    worker.fault("answer_lost")
    worker.run()
    worker.fault("unauthorized", method="GET", count=None)
    worker.wait(MINUTE)
    worker.wait(MINUTE)
    assert record_of(cancelled).status == "unknown"
    record = record_of(cancelled)
    assert record.attempts == 3
    assert record.next_attempt_at is not None
    assert record.next_attempt_at > worker.now()
    assert asked(sandbox, "POST /v1/refunds") == 1
    sandbox.clear_faults()
    worker.wait(timedelta(minutes=5))
    one_refund(sandbox, cancelled)


def test_a_key_older_than_a_day_is_not_trusted(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> None:
    """Answer lost, then Stripe can't be asked for a day: by then the key would make a second refund."""
    worker.fault("answer_lost")
    worker.run()
    worker.fault("unauthorized", method="GET", count=None)
    worker.wait(MINUTE)
    sandbox.clear_faults()
    worker.wait(DAY + MINUTE)
    one_refund(sandbox, cancelled)


def test_told_to_wait_for_more_than_a_day_it_is_looked_up_before_it_is_sent(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    worker.fault("rate_limit")
    worker.run()
    worker.wait(DAY)
    one_refund(sandbox, cancelled)
    assert asked(sandbox, "GET /v1/refunds") == 1


def test_after_three_days_in_vain_a_person_must_look_and_both_sides_are_told_once(
    cancelled: Booking, worker: Worker
) -> None:
    worker.fault("outage", method="*", path="*", count=None, should_retry=False)
    worker.run()
    for _ in range(13):
        worker.wait(timedelta(hours=6))
    record = record_of(cancelled)
    assert (record.status, record.last_error) == ("needs_attention", "api_error")
    assert mails(cancelled).count("refund_delayed") == 1
    assert mails(cancelled, "staff") == ["refund_needs_attention"]
    assert record.attempts == 13


def test_what_waits_for_a_person_is_still_settled_by_stripes_report(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    worker.fault("answer_lost")
    worker.run()
    worker.fault("outage", method="*", path="*", count=None, should_retry=False)
    worker.run()
    worker.wait(timedelta(days=3))
    assert record_of(cancelled).status == "needs_attention"
    sandbox.clear_faults()
    postman.deliver()
    one_refund(sandbox, cancelled)


def test_after_three_days_to_the_second_nobody_tries_again() -> None:
    now = timezone.now()
    record = RefundRecord(first_sent_at=now - 3 * DAY, attempts=1)
    assert attempts.is_hopeless(record, now)
    assert not attempts.is_hopeless(record, now - timedelta(seconds=1))


def test_what_may_have_been_sent_under_an_older_key_is_looked_up_first() -> None:
    now = timezone.now()
    new = RefundRecord(status="queued", generation=1, requested_at=now)
    assert not attempts.must_look_first(new, now)
    assert not attempts.must_look_first(new, now + attempts.KEY_LIFE - timedelta(seconds=1))
    assert attempts.must_look_first(new, now + attempts.KEY_LIFE)
    assert attempts.must_look_first(RefundRecord(status="queued", generation=2, requested_at=now), now)
    assert attempts.must_look_first(RefundRecord(status="unknown", generation=1, requested_at=now), now)

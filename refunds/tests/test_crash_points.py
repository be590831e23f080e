"""A worker is killed between any two steps; the next one brings the booking to exactly one refund."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.models import Booking, Service
from config.tests.world import Customer, Postman
from payments.events import inbox
from refunds.models import RefundRecord
from refunds.sending import submission
from refunds.tests.dying import CANCEL_POINTS, MONEY_IN_POINTS, POINTS, SETBACK_POINTS, WORKER_POINTS, dies_at
from refunds.tests.workshop import (
    Worker,
    chain_is_whole,
    intent_of,
    mails,
    refunds_at_stripe,
    statement_of,
)
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
LEASE_OVER = timedelta(minutes=3)
# How soon another worker has what a dead one had only claimed, and what it had in hand.
CLAIM_FREE, IN_HAND_FREE = timedelta(seconds=14), timedelta(seconds=44)
ONLY_CLAIMED = ("about to claim", "claimed", "decided under the lock, not committed")


def given_back_once(booking: Booking, sandbox: Sandbox) -> None:
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, booking)] == [4500]
    assert statement_of(booking) == [("payment", 4500), ("refund", -4500)]
    assert booking.refunds.get(rule="in_time").status == "succeeded"
    assert mails(booking).count("refund_sent") == 1
    assert chain_is_whole(booking)


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_killed_while_sending_another_worker_finishes_it(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, point: str
) -> None:
    assert dies_at(point, lambda: submission.submit_due(worker.now))
    worker.run()
    worker.wait(CLAIM_FREE if point in ONLY_CLAIMED else IN_HAND_FREE)
    given_back_once(cancelled, sandbox)


def answer_lost(worker: Worker, booking: Booking) -> None:
    worker.fault("answer_lost")
    worker.run()
    worker.ahead += timedelta(minutes=1)


def refunded_in_the_dashboard(worker: Worker, booking: Booking) -> None:
    worker.sandbox.dashboard_refund(intent_of(booking), 1000)


def disputed(worker: Worker, booking: Booking) -> None:
    worker.sandbox.dispute(intent_of(booking))


def stripe_is_out(worker: Worker, booking: Booking) -> None:
    worker.fault("outage", method="*", count=None, should_retry=False)


def stripe_was_out_for_days(worker: Worker, booking: Booking) -> None:
    worker.fault("outage")
    worker.run()
    stripe_is_out(worker, booking)
    worker.ahead += timedelta(days=4)


SETBACKS: dict[str, Callable[[Worker, Booking], None]] = {
    "looked up, not written down": answer_lost,
    "looked up and written down": answer_lost,
    "refused, not yet decided again": refunded_in_the_dashboard,
    "about to be tried later": stripe_is_out,
    "tried later, committed": stripe_is_out,
    "held, not committed": disputed,
    "given up, not committed": stripe_was_out_for_days,
}


def test_every_point_has_its_test() -> None:
    assert SETBACKS.keys() == SETBACK_POINTS.keys()
    assert len(POINTS) == len(WORKER_POINTS) + len(SETBACKS) + len(MONEY_IN_POINTS) + len(CANCEL_POINTS)


@pytest.mark.parametrize("point", SETBACKS)
def test_killed_in_a_setback_another_worker_finishes_it(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman, point: str
) -> None:
    SETBACKS[point](worker, cancelled)
    assert dies_at(point, lambda: submission.submit_due(worker.now))
    sandbox.clear_faults()
    for dispute in sandbox.disputes_of(intent_of(cancelled)):
        sandbox.win(dispute["id"])
    postman.deliver()
    for _ in range(3):
        worker.wait(LEASE_OVER)
    assert sum(refund["amount"] for refund in refunds_at_stripe(sandbox, cancelled)) == 4500
    assert not cancelled.refunds.exclude(status="succeeded").exists()
    assert sum(amount for kind, amount in statement_of(cancelled) if kind != "dispute_fee") == 0
    assert chain_is_whole(cancelled)


@pytest.mark.parametrize("point", CANCEL_POINTS)
def test_killed_while_cancelling_the_customer_asks_again_and_gets_one_refund(
    customer: Customer, paid: Booking, worker: Worker, sandbox: Sandbox, point: str
) -> None:
    assert dies_at(point, lambda: customer.cancel(paid))
    assert customer.cancel(paid)["refund"]["amount"] == 4500
    assert RefundRecord.objects.filter(booking=paid).count() == 1
    worker.run()
    given_back_once(paid, sandbox)


SHEET = ("PaymentIntent made, not saved", "customer made, not saved", "sheet ready, not answered")


@pytest.mark.parametrize("point", SHEET)
def test_killed_while_the_sheet_opens_the_next_one_is_the_same(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, point: str
) -> None:
    booking = customer.book(service)
    assert dies_at(point, lambda: customer.open_sheet(booking))
    intent = customer.open_sheet(booking)
    assert [found["id"] for found in sandbox.all("payment_intents")] == [intent]
    assert len(sandbox.all("customers")) == 1


EVENT = [point for point in MONEY_IN_POINTS if point.startswith(("event", "booking"))]


@pytest.mark.parametrize("point", EVENT)
def test_killed_while_taking_in_an_event_stripe_sends_it_again_and_it_counts_once(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman, point: str
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    (event,) = sandbox.all("events", type="payment_intent.succeeded")
    assert dies_at(point, lambda: inbox.take_in(event, now=worker.now()))
    postman.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert statement_of(booking) == [("payment", 4500)]
    assert mails(booking) == ["booking_confirmed"]
    assert chain_is_whole(booking)


HOLD = [point for point in MONEY_IN_POINTS if "hold" in point]


@pytest.mark.parametrize("point", HOLD)
def test_killed_while_a_hold_expires_it_expires_once(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, point: str
) -> None:
    booking = customer.book(service)
    intent = customer.open_sheet(booking)
    worker.ahead += timedelta(minutes=16)
    assert dies_at(point, worker.run)
    worker.wait(timedelta(minutes=1))
    booking.refresh_from_db()
    assert booking.status == "expired"
    assert [found["status"] for found in sandbox.all("payment_intents", id=intent)] == ["canceled"]
    assert booking.audit_entries.filter(action="booking.expired").count() == 1
    assert chain_is_whole(booking)


def test_every_point_of_money_coming_in_has_its_test() -> None:
    assert {*SHEET, *EVENT, *HOLD} == MONEY_IN_POINTS.keys()

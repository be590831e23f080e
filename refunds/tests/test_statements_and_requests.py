"""What things cost: database statements of a request, requests to Stripe of a refund."""

from datetime import timedelta

from django.db import connection

from bookings.models import Booking, Service
from config.tests.statements import counted
from config.tests.world import Customer, Postman, post_event
from payments.events import inbox
from refunds.models import RefundRecord
from refunds.sending import submission
from refunds.tests.workshop import Worker, intent_of
from sandbox.client import Sandbox


def at_most(on_postgresql: int, on_sqlite: int) -> int:
    """PostgreSQL writes several things in one statement (core/storage/writes.py)."""
    return on_postgresql if connection.vendor == "postgresql" else on_sqlite


def test_a_payment_event_is_applied_in_full_in_at_most_seven_statements(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    (event,) = sandbox.all("events", type="payment_intent.succeeded")
    taken = counted(lambda: post_event(event))
    assert len(taken) <= at_most(7, 11), taken
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_a_refund_event_is_applied_in_full_in_at_most_six_statements(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    worker.fault("answer_lost")
    worker.run()
    sandbox.settle()
    (event,) = sandbox.all("events", type="refund.updated")
    taken = counted(lambda: post_event(event))
    assert len(taken) <= at_most(6, 10), taken
    assert RefundRecord.objects.get(booking=cancelled).status == "succeeded"


def test_a_cancellation_takes_at_most_twenty_statements(customer: Customer, paid: Booking) -> None:
    taken = counted(lambda: customer.cancel(paid))
    assert len(taken) <= 20, taken


def test_the_refund_status_takes_at_most_three_statements(customer: Customer, cancelled: Booking) -> None:
    taken = counted(lambda: customer.refund_status(cancelled))
    assert len(taken) <= 3, taken


def test_a_booking_takes_at_most_two_statements(customer: Customer, paid: Booking) -> None:
    taken = counted(lambda: customer.get(f"booking/{paid.reference}/"))
    assert len(taken) <= 2, taken


def test_a_batch_of_twenty_refunds_asks_stripe_twenty_one_times(
    customer: Customer, massage: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    massage.capacity = 20
    massage.save()
    bookings = [customer.book(massage, starts_in=timedelta(hours=48 + 2 * n)) for n in range(20)]
    for booking in bookings:
        customer.pay(booking)
    for event in sandbox.all("events", type="payment_intent.succeeded"):
        inbox.take_in(event, now=worker.now())
    for booking in bookings:
        customer.cancel(booking)
    before, now = sandbox.stats()["requests"], worker.now()
    # The clock stands still: what was asked of disputes stays fresh, however slow the machine.
    assert submission.submit_due(lambda: now) == 20
    assert sandbox.stats()["requests"] - before == 21
    assert RefundRecord.objects.filter(status="succeeded").count() == 20
    assert all(sandbox.refunds_of(intent_of(booking)) for booking in bookings)

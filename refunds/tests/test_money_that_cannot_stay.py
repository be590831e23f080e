"""Money that arrives where it can't stay goes back in full, by itself and once (CASES 21, 22)."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.models import Booking, Service
from config.tests.world import TOO_LATE, Customer, Postman
from refunds.tests.workshop import Worker, chain_is_whole, intent_of, mails, refunds_at_stripe, statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.once


def sent_back(booking: Booking, amount: int = 4500) -> None:
    record = booking.refunds.get(rule="orphaned_payment")
    assert (record.status, record.amount, record.requested_by) == ("succeeded", amount, "stripe")
    lines = record.payment.transactions.order_by("id").values_list("kind", "amount")
    assert list(lines) == [("payment", amount), ("refund", -amount)]
    assert mails(booking).count("payment_returned") == 1
    assert mails(booking, "staff").count("orphaned_payment") == 1
    assert chain_is_whole(booking)


def test_paid_after_the_hold_ran_out_and_the_slot_is_free_the_booking_is_confirmed(
    customer: Customer, service: Service, worker: Worker, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    Booking.objects.filter(pk=booking.pk).update(status="expired")
    postman.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert not booking.refunds.exists()


def test_paid_after_the_hold_ran_out_and_the_slot_is_gone_the_money_goes_back(
    customer: Customer, stranger: Customer, service: Service, worker: Worker, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    Booking.objects.filter(pk=booking.pk).update(status="expired")
    stranger.post("booking/", {"service": service.pk, "starts_at": booking.starts_at.isoformat()}, status=201)
    postman.deliver()
    worker.run()
    booking.refresh_from_db()
    assert booking.status == "expired"
    sent_back(booking)


def test_paid_after_it_was_cancelled_the_money_goes_back(
    customer: Customer, service: Service, worker: Worker, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    customer.cancel(booking)
    postman.deliver()
    worker.run()
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    sent_back(booking)


@pytest.mark.parametrize(("returned", "left"), [(1000, [3500]), (None, [])])
def test_what_went_back_in_the_dashboard_before_we_heard_of_the_payment_does_not_go_back_again(
    customer: Customer,
    service: Service,
    worker: Worker,
    sandbox: Sandbox,
    postman: Postman,
    returned: int | None,
    left: list[int],
) -> None:
    booking = customer.book(service)
    intent = customer.pay(booking)
    customer.cancel(booking)
    sandbox.dashboard_refund(intent, returned)
    postman.deliver("refund.created")
    postman.deliver()
    worker.run()
    ours = booking.refunds.filter(rule="orphaned_payment")
    assert list(ours.values_list("amount", flat=True)) == left
    assert sum(refund["amount"] for refund in refunds_at_stripe(sandbox, booking)) == 4500
    assert sum(amount for _, amount in statement_of(booking)) == 0
    assert chain_is_whole(booking)


def test_paid_twice_the_second_goes_back_and_the_booking_stands(
    customer: Customer, paid: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.pay_again(intent_of(paid))
    postman.deliver()
    worker.run()
    paid.refresh_from_db()
    assert paid.status == "confirmed"
    sent_back(paid)
    assert customer.refund_status(paid)["refunded"] == 4500
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, paid)] == [4500]


def test_paid_twice_and_cancelled_both_go_back_each_once(
    customer: Customer, paid: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.pay_again(intent_of(paid))
    customer.cancel(paid)
    postman.deliver()
    worker.run()
    worker.wait(timedelta(minutes=1))
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, paid)] == [4500, 4500]
    assert sorted(paid.refunds.values_list("rule", "status")) == [
        ("in_time", "succeeded"),
        ("orphaned_payment", "succeeded"),
    ]
    assert sum(amount for _, amount in statement_of(paid)) == 0


def test_paid_twice_and_cancelled_too_late_only_the_second_goes_back(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book_and_pay(service, starts_in=TOO_LATE)
    sandbox.pay_again(intent_of(booking))
    postman.deliver()
    customer.cancel(booking)
    worker.run()
    assert sorted(booking.refunds.values_list("rule", "status")) == [
        ("orphaned_payment", "succeeded"),
        ("too_late", "not_due"),
    ]
    assert sum(amount for _, amount in statement_of(booking)) == 4500


@pytest.mark.parametrize("change", [{"amount": 4400}, {"amount": 4600}, {"currency": "eur"}])
def test_another_amount_or_currency_than_asked_goes_back_as_it_came(
    customer: Customer,
    service: Service,
    worker: Worker,
    sandbox: Sandbox,
    postman: Postman,
    change: dict[str, Any],
) -> None:
    booking = customer.book(service)
    sandbox.pay(customer.open_sheet(booking), **change)
    postman.deliver()
    worker.run()
    booking.refresh_from_db()
    assert booking.status == "pending_payment"
    (refund,) = refunds_at_stripe(sandbox, booking)
    assert (refund["amount"], refund["currency"]) == (
        change.get("amount", 4500),
        change.get("currency", "gbp"),
    )
    sent_back(booking, amount=refund["amount"])


def test_after_the_wrong_amount_the_customer_can_still_pay_the_right_one(
    customer: Customer, service: Service, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    sandbox.pay(customer.open_sheet(booking), amount=4400)
    postman.deliver()
    customer.pay(booking)
    postman.deliver()
    worker.run()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert sum(amount for _, amount in statement_of(booking)) == 4500


@pytest.mark.parametrize(
    ("currency", "price"),
    [("jpy", 9899), ("krw", 50_000), ("isk", 990_000), ("kwd", 12_340), ("huf", 450_000)],
)
def test_minor_units_are_stripes_from_end_to_end(
    customer: Customer, worker: Worker, sandbox: Sandbox, postman: Postman, currency: str, price: int
) -> None:
    service = Service.objects.create(
        name="Abroad", duration=timedelta(hours=1), price=price, currency=currency
    )
    booking = customer.book_and_pay(service)
    quoted = customer.get(f"booking/{booking.reference}/cancel/")["refund"]["amount"]
    customer.cancel(booking)
    worker.run()
    (refund,) = refunds_at_stripe(sandbox, booking)
    assert quoted == refund["amount"] == price
    assert refund["currency"] == currency
    assert statement_of(booking) == [("payment", price), ("refund", -price)]

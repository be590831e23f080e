"""Comparing with Stripe: one row or object in trouble stops no other, and staff see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Service
from config.tests.world import Customer, run_workers
from core.models import Mark, PutOff
from payments import gateway
from payments.gateway import Pages
from payments.models import PaymentTransaction
from refunds.models import Finding
from refunds.tests.bookkeeping import Day, Reconcile, lose_for_good
from refunds.tests.workshop import intent_of, record_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_refund_that_stripe_cant_tell_of_keeps_no_other_waiting(
    customer: Customer, shop: Service, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    day = Day(customer, shop)
    bookings = [day.paid("pm_card_pendingRefund", at=hour) for hour in (1, 2)]
    customer.postman.deliver()
    for booking in bookings:
        customer.cancel(booking)
    run_workers()
    sandbox.settle()
    lose_for_good(sandbox)
    Mark.objects.create(name="reconciled", at=timezone.now() + timedelta(hours=2))
    refunds = sorted(
        (record_of(booking) for booking in bookings), key=lambda record: -record.requested_at.timestamp()
    )
    sandbox.fault("refuse", status=400, method="GET", path=f"/v1/refunds/{refunds[0].stripe_refund_id}")
    reconcile()
    assert sorted(record_of(booking).status for booking in bookings) == ["pending", "succeeded"]
    assert PutOff.objects.get().row == str(refunds[0].pk)
    sandbox.clear_faults()
    reconcile()
    assert {record_of(booking).status for booking in bookings} == {"succeeded"}
    assert not PutOff.objects.exists()


def test_an_odd_line_of_the_balance_keeps_no_other_from_being_compared(
    customer: Customer,
    shop: Service,
    reconcile: Reconcile,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paid = Day(customer, shop).paid(at=1)
    customer.postman.deliver()
    sandbox.dashboard_refund(intent_of(paid), 1000)
    listed = gateway.movement_pages

    def odd(*when: int) -> Pages:
        """As if Stripe had begun to tell charges in another way."""
        for page in listed(*when):
            for row in page:
                if row["source"]["object"] == "charge":
                    del row["source"]["amount_captured"]
            yield page

    monkeypatch.setattr(gateway, "movement_pages", odd)
    reconcile(status=1)
    assert _lines(paid) == ["payment", "refund"]
    assert Finding.objects.get().detail["theirs"] == "not read"
    monkeypatch.setattr(gateway, "movement_pages", listed)
    reconcile()
    assert not Finding.objects.filter(resolved_at=None).exists()


def test_a_line_that_cant_be_confirmed_is_told_and_the_next_is_looked_at(
    paid: Booking, customer: Customer, shop: Service, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    other = customer.book_and_pay(shop)
    unlisted = [intent_of(paid), intent_of(other)]
    for movement in sandbox.all("balance_transactions"):
        sandbox.withhold(movement["id"])
    sandbox.fault("error_before", method="GET", path=f"/v1/payment_intents/{unlisted[0]}", should_retry=False)
    asked = sandbox.stats()["by_endpoint"].get("GET /v1/payment_intents/{id}", 0)
    reconcile(status=1)
    assert Finding.objects.filter(stripe_id=unlisted[0], subject="payment_intent").exists()
    assert sandbox.stats()["by_endpoint"]["GET /v1/payment_intents/{id}"] >= asked + 2


def _lines(booking: Booking) -> list[str]:
    return list(
        PaymentTransaction.objects.filter(booking=booking).order_by("pk").values_list("kind", flat=True)
    )

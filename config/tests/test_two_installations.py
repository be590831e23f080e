"""Two whole installations in one Stripe account: neither alarms nor touches the other."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backoffice.home import attention
from bookings.models import Booking, Message, Service
from config.tests.two_installations import Installation, two
from config.tests.world import Customer
from core.work import jobs
from payments.models import Payment, WebhookEvent
from refunds.models import Dispute, Finding, RefundRecord
from refunds.reconciliation.run import reconcile
from refunds.tests.workshop import intent_of, statement_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def both(tmp_path: Path, sandbox: Sandbox) -> tuple[Installation, Installation]:
    if connection.vendor != "sqlite":
        pytest.skip("what tells them apart is the mark, not the database")
    return two(tmp_path, sandbox)


def each(both: tuple[Installation, ...], do: Callable[[Installation], Any]) -> list[Any]:
    """The same at both, one after the other."""
    did = []
    for one in both:
        with one.at_work():
            did.append(do(one))
    return did


def of_each(both: tuple[Installation, ...], what: Callable[[], Any]) -> list[Any]:
    return each(both, lambda _one: what())


def open_events() -> int:
    return WebhookEvent.objects.filter(status__in=("pending", "failed")).count()


def hear_and_work(one: Installation, ahead: timedelta = timedelta(0)) -> None:
    """Whatever happened in the account arrives, and the workers do what is due."""
    one.postman.deliver()
    jobs.run_until_idle(lambda: timezone.now() + ahead)


def alarms() -> list[str]:
    waiting = [
        name
        for name, rows in attention.concerns(timezone.now() + timedelta(minutes=15)).items()
        if rows.exists()
    ]
    return waiting + list(Message.objects.filter(to="staff").values_list("kind", flat=True))


def test_neither_alarms_nor_touches_the_other(
    both: tuple[Installation, Installation], sandbox: Sandbox
) -> None:
    def sell(one: Installation) -> tuple[Customer, list[Booking]]:
        customer = one.customer("ada", sandbox)
        service = Service.objects.create(
            name="Class", duration=timedelta(hours=1), price=4500, currency="gbp", capacity=9
        )
        bookings = [customer.book(service, starts_in=timedelta(hours=hours)) for hours in (40, 50, 60)]
        for booking in bookings:
            customer.pay(booking)
        return customer, bookings

    sold = each(both, sell)
    each(both, hear_and_work)

    def undo(one: Installation) -> None:
        customer, (cancelled, at_stripe, _) = sold[both.index(one)]
        customer.cancel(cancelled)
        sandbox.dashboard_refund(intent_of(at_stripe), 1000)

    each(both, undo)
    with both[1].at_work():
        sandbox.lose(sandbox.dispute(intent_of(sold[1][1][2]))["id"])
    sandbox.settle()
    each(both, hear_and_work)
    for minutes in (1, 3, 6, 10, 15):  # events of strangers are let go after some attempts
        each(both, partial(hear_and_work, ahead=timedelta(minutes=minutes)))
    compared = of_each(both, lambda: reconcile(clock=timezone.now, source="command"))

    assert [(outcome.tally.healed, outcome.left, outcome.tally.drift) for outcome in compared] == [
        (0, 0, {"gbp": 0})
    ] * 2
    first, second = each(both, lambda one: [statement_of(booking) for booking in sold[both.index(one)][1]])
    back = [[("payment", 4500), ("refund", -4500)], [("payment", 4500), ("refund", -1000)]]
    assert first == [*back, [("payment", 4500)]]
    assert second == [*back, [("payment", 4500), ("chargeback", -4500), ("dispute_fee", -1500)]]
    assert of_each(both, lambda: (Payment.objects.count(), RefundRecord.objects.count())) == [(3, 2)] * 2
    assert of_each(both, lambda: (Dispute.objects.count(), Finding.objects.count())) == [(0, 0), (1, 0)]
    assert of_each(both, open_events) == [0, 0]
    assert of_each(both, alarms) == [[], ["dispute_decided"]]
    assert len(sandbox.all("refunds")) == 4

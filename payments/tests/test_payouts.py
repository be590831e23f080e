"""Payouts and the lines of Stripe's balance: written once, from events in any order."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from bookings.models import Booking
from config.tests.world import Postman, run_workers
from payments import gateway
from payments.books import lines, payouts
from payments.models import BalanceLine, Payout, WebhookEvent
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)

FEE = 160


@pytest.fixture
def paid_out(paid: Booking, sandbox: Sandbox, postman: Postman) -> Payout:
    """A payment of 45 pounds, paid out less Stripe's fee."""
    (made,) = sandbox.pay_out()
    sandbox.settle()
    postman.deliver()
    run_workers()
    return Payout.objects.get(stripe_id=made["id"])


def test_a_payout_is_known_with_what_is_in_it(paid_out: Payout, paid: Booking) -> None:
    assert (paid_out.amount, paid_out.currency, paid_out.status) == (4500 - FEE, "gbp", "in_transit")
    (line,) = paid_out.lines.all()
    assert (line.category, line.amount, line.fee, line.net) == ("charge", 4500, FEE, 4500 - FEE)
    assert line.payment == paid.payments.get()
    assert line.is_ours
    assert line.network == "visa"
    own = BalanceLine.objects.get(stripe_id=paid_out.own_line)
    assert (own.net, own.payout, own.about) == (FEE - 4500, None, "payout")
    assert list(payouts.unproved()) == []


def test_any_order_of_its_events_ends_the_same(sandbox: Sandbox, paid: Booking) -> None:
    (made,) = sandbox.pay_out()
    sandbox.call(f"payouts/{made['id']}/depart")
    sandbox.arrive(made["id"])
    sandbox.fail_payout(made["id"])
    payloads = [e["data"]["object"] for e in sandbox.events_of(made["id"]) if e["type"] != "payout.updated"]
    for order in permutations(payloads):
        with transaction.atomic():
            for payload in order:
                payouts.take_in(payload, now=timezone.now())
            row = Payout.objects.get()
            assert (row.status, row.failure_code) == ("failed", "account_closed")
            transaction.set_rollback(True)


def test_the_banks_trace_id_is_kept(paid_out: Payout, sandbox: Sandbox, postman: Postman) -> None:
    sandbox.arrive(paid_out.stripe_id)
    postman.deliver()
    paid_out.refresh_from_db()
    assert (paid_out.status, len(paid_out.trace_id)) == ("paid", 18)
    assert WebhookEvent.objects.exclude(status__in=("processed", "ignored")).count() == 0


def test_what_is_not_of_our_payments_is_kept_as_not_ours(sandbox: Sandbox, service: object) -> None:
    sandbox.seed(1)
    sandbox.move("stripe_fee", -200, description="Radar")
    (made,) = sandbox.pay_out()
    payout = _taken_in(made)
    charge, fee = payout.lines.order_by("category")
    assert (charge.is_ours, charge.description) == (False, "")
    assert (fee.is_ours, fee.description) == (True, "Radar")
    assert list(payouts.unproved()) == []


def _taken_in(made: gateway.Answer) -> Payout:
    now = timezone.now()
    payouts.take_in(made, now=now)
    payout = Payout.objects.get(stripe_id=made["id"])
    payouts.take_in_lines(payout, gateway.payout_line_pages(payout.stripe_id), now=now)
    return payout


def test_twice_is_once(paid_out: Payout, sandbox: Sandbox) -> None:
    before = list(BalanceLine.objects.values())
    pages = list(gateway.payout_line_pages(paid_out.stripe_id))
    assert payouts.take_in_lines(paid_out, pages, now=timezone.now()) == 0
    assert list(BalanceLine.objects.values()) == before
    assert lines.changed(row for page in pages for row in page) == []


def test_a_line_that_stripe_changed_is_noticed_and_left(paid_out: Payout, sandbox: Sandbox) -> None:
    (line,) = paid_out.lines.all()
    sandbox.call(f"movements/{line.stripe_id}/alter", amount=4400)
    listed = [gateway.retrieve_movement(line.stripe_id)]
    assert lines.take_in(listed, now=timezone.now()) == 0
    (changed,) = lines.changed(listed)
    assert (changed.ours, changed.theirs) == ({"amount": 4500, "net": 4340}, {"amount": 4400, "net": 4240})


def test_a_missing_line_leaves_a_payout_unproved(sandbox: Sandbox, paid: Booking) -> None:
    (made,) = sandbox.pay_out()
    now = timezone.now()
    payouts.take_in(made, now=now)
    payout = Payout.objects.get()
    payouts.take_in_lines(payout, [], now=now)
    assert list(payouts.unproved()) == [(payout, 0)]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (BalanceLine, {"net": 1, "amount": 1 + FEE}),
        (BalanceLine, {"payout": None}),
        (BalanceLine, {"payment": None}),
        (BalanceLine, {}),
        (Payout, {"amount": 1}),
        (Payout, {"listed_at": None}),
        (Payout, {}),
    ],
)
def test_nothing_is_ever_changed_or_deleted_whoever_tries(
    paid_out: Payout, model: type[Model], change: dict[str, Any]
) -> None:
    rows = model._default_manager.exclude(stripe_id=paid_out.own_line)
    before = rows.values().get()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(**change) if change else rows._raw_delete("default")
    assert rows.values().get() == before


def test_the_time_is_stripes(paid_out: Payout, sandbox: Sandbox) -> None:
    (theirs,) = sandbox.all("payouts")
    assert paid_out.created_at == datetime.fromtimestamp(theirs["created"], UTC)
    assert paid_out.arrives_on == datetime.fromtimestamp(theirs["arrival_date"], UTC).date()

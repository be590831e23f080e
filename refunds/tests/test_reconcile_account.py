"""The account: every line, every payout, and both proofs, without any webhook."""

import pytest
from django.db import connection

from bookings.models import Booking, Service
from config.tests.world import Customer
from core.models import Mark
from payments.books import beginning, months, payouts
from payments.models import BalanceLine, Payout
from refunds.models import Finding
from refunds.tests.bookkeeping import Day, Reconcile, healed
from refunds.tests.workshop import intent_of, statement_of
from sandbox.account.balance import OPENING_BALANCE
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def month_end(customer: Customer, shop: Service, sandbox: Sandbox, reconcile: Reconcile) -> Payout:
    """A day's life, compared, paid out, and compared again; no webhook arrived."""
    reconcile()
    day = Day(customer, shop)
    bookings = day.live()
    reconcile()
    day.go_on(bookings)
    sandbox.move("stripe_fee", -200, description="Radar")
    (made,) = sandbox.pay_out()
    sandbox.settle()
    reconcile()
    return Payout.objects.get(stripe_id=made["id"])


def take_away(line: str) -> None:
    """What nobody may do, done by somebody who owns the database."""
    off, on = (f"SET session_replication_role = {role}" for role in ("replica", "origin"))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            trigger = "payments_balanceline_no_delete"
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [trigger])
            off, on = f"DROP TRIGGER {trigger}", cursor.fetchone()[0]
        cursor.execute(off)
        cursor.execute("DELETE FROM payments_balanceline WHERE stripe_id = %s", [line])
        cursor.execute(on)


def test_every_line_is_here_and_both_proofs_hold(month_end: Payout, sandbox: Sandbox) -> None:
    theirs = {line["id"]: line["net"] for line in sandbox.all("balance_transactions")}
    assert dict(BalanceLine.objects.values_list("stripe_id", "net")) == theirs
    assert list(payouts.unproved()) == []
    assert months.held() == {"gbp": OPENING_BALANCE}
    assert beginning.seen().opening == {"gbp": OPENING_BALANCE}
    assert Mark.objects.filter(name="balance_proved").exists()
    assert not Finding.objects.exists()


def test_nothing_is_left_to_heal(month_end: Payout, reconcile: Reconcile) -> None:
    reconcile()
    assert healed(reconcile()) == 0
    reconcile("--dry-run")


def test_a_payout_that_comes_back_is_heard_of(
    month_end: Payout, sandbox: Sandbox, reconcile: Reconcile
) -> None:
    sandbox.arrive(month_end.stripe_id)
    reconcile()
    month_end.refresh_from_db()
    assert (month_end.status, len(month_end.trace_id)) == ("paid", 18)
    sandbox.fail_payout(month_end.stripe_id)
    reconcile()
    month_end.refresh_from_db()
    assert month_end.status == "failed"
    assert months.held() == {"gbp": OPENING_BALANCE + month_end.amount}


def test_a_line_that_is_gone_from_a_payout_is_fetched_again(month_end: Payout, reconcile: Reconcile) -> None:
    before = list(BalanceLine.objects.order_by("stripe_id").values_list("stripe_id", "net", "payout"))
    line = month_end.lines.first()
    assert line is not None
    take_away(line.stripe_id)
    reconcile()
    assert list(BalanceLine.objects.order_by("stripe_id").values_list("stripe_id", "net", "payout")) == before


def test_a_line_that_stripe_never_had_is_reported(month_end: Payout, reconcile: Reconcile) -> None:
    line = month_end.lines.first()
    assert line is not None
    BalanceLine.objects.create(
        stripe_id="txn_doubled",
        type=line.type,
        category=line.category,
        amount=line.amount,
        fee=line.fee,
        net=line.net,
        currency=line.currency,
        about=line.about,
        payout=month_end,
        occurred_at=line.occurred_at,
        month=line.month,
    )
    reconcile(status=1)
    found = set(Finding.objects.filter(resolved_at=None).values_list("kind", "subject", "stripe_id"))
    assert found == {
        ("missing_there", "balance_line", "txn_doubled"),
        ("amount", "payout", month_end.stripe_id),
        ("amount", "balance", "balance_gbp"),
    }
    take_away("txn_doubled")
    # Stripe still doesn't have it, but now neither do we.
    reconcile()
    assert not Finding.objects.filter(resolved_at=None).exists()
    closed = Finding.objects.get(stripe_id="txn_doubled")
    assert (closed.resolved_by, closed.resolution) == ("system", "It agrees now.")


def test_a_line_that_was_changed_is_reported_until_it_agrees(
    month_end: Payout, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    line = month_end.lines.filter(category="charge").first()
    assert line is not None
    sandbox.call(f"movements/{line.stripe_id}/alter", amount=4000)
    reconcile(status=1)
    finding = Finding.objects.get(resolved_at=None)
    assert (finding.kind, finding.subject, finding.stripe_id) == ("amount", "balance_line", line.stripe_id)
    sandbox.call(f"movements/{line.stripe_id}/alter", amount=4500)
    reconcile()


def test_a_line_that_stripe_withheld_is_found_when_the_balance_is_added_up(
    month_end: Payout, sandbox: Sandbox, reconcile: Reconcile
) -> None:
    late = sandbox.move("stripe_fee", -300)
    sandbox.withhold(late["id"])
    reconcile(status=1)
    finding = Finding.objects.get(resolved_at=None)
    assert finding.detail["ours"] == f"{OPENING_BALANCE} gbp"
    assert finding.detail["theirs"] == f"{OPENING_BALANCE - 300} gbp"
    sandbox.withhold(late["id"], shown=True)
    reconcile()
    assert BalanceLine.objects.filter(stripe_id=late["id"]).exists()


def test_a_fee_of_its_own_for_a_dispute_is_no_chargeback(
    customer: Customer, service: Service, sandbox: Sandbox, reconcile: Reconcile
) -> None:
    booking = customer.book(service)
    customer.pay(booking)
    reconcile()
    dispute = sandbox.dispute(intent_of(booking))
    sandbox.move("stripe_fee", -2000, source=dispute["id"])
    reconcile()
    assert statement_of(booking) == [
        ("payment", 4500),
        ("chargeback", -4500),
        ("dispute_fee", -1500),
        ("dispute_fee", -2000),
    ]
    assert healed(reconcile()) == 0


def test_another_shops_payments_are_lines_but_not_ours(
    month_end: Payout, sandbox: Sandbox, reconcile: Reconcile, customer: Customer, service: Service
) -> None:
    sandbox.seed(2)
    (made,) = sandbox.pay_out()
    sandbox.settle()
    reconcile()
    payout = Payout.objects.get(stripe_id=made["id"])
    assert [line.is_ours for line in payout.lines.all()] == [False, False]
    assert not Booking.objects.filter(payments__balance_lines__in=payout.lines.all()).exists()

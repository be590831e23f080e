"""A random year: every payout is proved and every month adds up, with all webhooks and with none."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from bookings.verification import Verification
from payments.books import calendar_month, closing, months, payouts
from payments.gateway import held_balance
from payments.models import BalanceLine, Payout, TransactionKind
from refunds.models import Finding, ReconciliationRun
from refunds.reconciliation import window
from refunds.tests.books_year import Year
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db

STEPS = 8


@pytest.fixture(params=[True, False], ids=["all webhooks", "no webhook"])
def year(sandbox: Sandbox, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Year:
    # A year of single days would be two thousand questions to Stripe.
    monkeypatch.setattr(window, "SLICE", timedelta(days=20))
    year = Year(sandbox, webhooks=request.param, rng=random.Random(19))
    year.live(STEPS)
    return year


def test_every_payout_is_proved_and_every_month_adds_up(year: Year, sandbox: Sandbox) -> None:
    assert list(Finding.objects.filter(resolved_at=None).values("kind", "subject", "detail")) == []
    payouts_are_proved(sandbox)
    lines_are_stripes(sandbox)
    months_add_up(year)
    statement_agrees(year)
    drift = ReconciliationRun.objects.first()
    assert drift is not None
    assert set(drift.drift.values()) <= {0}
    assert list(Verification().breaks()) == []
    months_can_be_closed(year)


def payouts_are_proved(sandbox: Sandbox) -> None:
    theirs = {one["id"]: (one["amount"], one["status"]) for one in sandbox.all("payouts")}
    ours = {one.stripe_id: (one.amount, one.status) for one in Payout.objects.all()}
    assert ours == theirs
    assert len({status for _, status in theirs.values()}) >= 2
    assert list(payouts.unproved()) == []
    assert not payouts.to_be_listed().exists()


def lines_are_stripes(sandbox: Sandbox) -> None:
    fields = ("stripe_id", "reporting_category", "amount", "fee", "net", "currency")
    theirs = {
        (line["id"], *(line[name] for name in fields[1:])) for line in sandbox.all("balance_transactions")
    }
    ours = BalanceLine.objects.values_list("stripe_id", "category", "amount", "fee", "net", "currency")
    assert set(ours) == theirs
    assert {line[1] for line in theirs} >= {
        "charge",
        "refund",
        "refund_failure",
        "dispute",
        "dispute_reversal",
    }
    assert {line[1] for line in theirs} >= {"fee", "payout", "payout_reversal"}
    assert {line[5] for line in theirs} == {"gbp", "jpy", "usd"}


def months_add_up(year: Year) -> None:
    held: dict[str, int] = {}
    by_month = year.at_stripe_by_month()
    for named in sorted(months.months_with_lines()):
        moved = by_month.get(f"{named:%Y-%m}", Counter())
        for one in months.month(named):
            assert one.opening == held.get(one.currency, one.opening)
            assert one.closing - one.opening == moved[one.currency]
            held[one.currency] = one.closing
        by_service = sum(share.figures.net for share in months.shares(named, "service"))
        assert by_service == sum(one.net for one in months.month(named))
    assert held == held_balance() == months.held()


def months_can_be_closed(year: Year) -> None:
    now = year.now()
    over: list[date] = [one for one in sorted(months.months_with_lines()) if one < now.date().replace(day=1)]
    for named in over:
        before = months.month(named)
        closing.close(named, by="staff:1", now=now)
        assert months.month(named) == before
    after = calendar_month.following(over[-1])
    assert months.held_before(after) == {one.currency: one.closing for one in months.month(over[-1])}


def statement_agrees(year: Year) -> None:
    """Two books of one truth: in the currency of the sale, the customers' lines and the account's agree."""
    kinds = {
        "charge": (TransactionKind.PAYMENT,),
        "dispute": (TransactionKind.CHARGEBACK,),
        "dispute_reversal": (TransactionKind.CHARGEBACK_RETURNED,),
    }
    for booking in year.bookings:
        lines = BalanceLine.objects.filter(payment__booking=booking)
        for category, told in kinds.items():
            account = sum(lines.filter(category=category).values_list("amount", flat=True))
            statement = sum(booking.transactions.filter(kind__in=told).values_list("amount", flat=True))
            assert account == statement, (booking.reference, category)

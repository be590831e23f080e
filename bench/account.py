"""Stripe's account of the invented sales: a line for each movement, and a payout of each week's lines."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.sale import Row
from core.models import Mark
from payments.books import calendar_month
from payments.books.beginning import BOOKS
from payments.models import TransactionKind

# Sales come in order, refunds and disputes of them weeks later: until then a week's payout waits.
LATE = timedelta(days=80)
WEEK = timedelta(days=7)
NETWORKS = ("visa",) * 12 + ("mastercard",) * 7 + ("amex",)
OF_KIND = {
    TransactionKind.PAYMENT: ("charge", "charge", "payment", "ch"),
    TransactionKind.REFUND: ("refund", "refund", "refund", "re"),
    TransactionKind.CHARGEBACK: ("adjustment", "dispute", "dispute", "du"),
}
DISPUTE_FEE = 1500


class Account:
    """Takes the statement's lines of sales in the order they were made, and gives rows to insert."""

    def __init__(self, zone: ZoneInfo, next_payout: int) -> None:
        self.zone = zone
        self.next_payout = next_payout
        self.chance = random.Random(7)  # noqa: S311 invented data
        self.waiting: dict[tuple[datetime, str], list[Row]] = defaultdict(list)
        self.first: datetime | None = None

    def take(self, line: Row) -> None:
        """One line of the statement."""
        type_, category, about, prefix = OF_KIND[line["kind"]]
        number = line["stripe_id"].rpartition("bench")[2]
        fee = _fee(category, line["amount"])
        row = self._line(line["occurred_at"], line["currency"], line["amount"], fee, category)
        row |= {
            "stripe_id": f"txn_{category}{number}",
            "type": type_,
            "about": about,
            "source_id": f"{prefix}_bench{number}",
            "payment_id": line["payment_id"],
            "network": NETWORKS[int(number) % len(NETWORKS)],
        }
        self.first = min(self.first or row["occurred_at"], row["occurred_at"])
        self.waiting[_week(row["occurred_at"]), line["currency"]].append(row)

    def _line(self, at: datetime, currency: str, amount: int, fee: int, category: str) -> Row:
        return {
            "category": category,
            "amount": amount,
            "fee": fee,
            "net": amount - fee,
            "currency": currency,
            "occurred_at": at,
            "available_on": at.date() + timedelta(days=3),
            "month": calendar_month.month_of(at, self.zone),
            "recorded_at": at,
            "payout_id": None,
        }

    def due(self, now: datetime, *, late: timedelta = LATE) -> Iterator[tuple[list[Row], list[Row]]]:
        """Payouts of the weeks that are complete, with the lines in them."""
        for week, currency in sorted(key for key in self.waiting if key[0] + WEEK + late <= now):
            yield self._pay_out(week, currency, self.waiting.pop((week, currency)))

    def rest(self) -> list[Row]:
        """The lines that are still at Stripe."""
        lines = [line for lines in self.waiting.values() for line in lines]
        self.waiting.clear()
        return lines

    def _pay_out(self, week: datetime, currency: str, lines: list[Row]) -> tuple[list[Row], list[Row]]:
        amount, made_at = sum(line["net"] for line in lines), week + WEEK
        if amount <= 0:
            return [], lines
        number = self.next_payout
        self.next_payout += 1
        for line in lines:
            line["payout_id"] = number
        name, own = f"po_bench{number:012}", f"txn_payout{number:012}"
        out = self._line(made_at, currency, -amount, 0, "payout")
        out |= {"stripe_id": own, "type": "payout", "about": "payout", "source_id": name}
        out |= {"payment_id": None, "network": ""}
        payout = {
            "id": number,
            "stripe_id": name,
            "amount": amount,
            "currency": currency,
            "status": "paid",
            "arrives_on": made_at.date() + timedelta(days=2),
            "created_at": made_at,
            "own_line": own,
            "listed_at": made_at,
            "recorded_at": made_at,
        }
        return [payout], [*lines, out]

    def begin(self) -> None:
        """Let the books begin with the first line, if they haven't begun."""
        if self.first is not None and not Mark.objects.filter(name=BOOKS).exists():
            note: dict[str, Any] = {"since": self.first.isoformat(), "opening": {}}
            Mark.objects.create(name=BOOKS, at=self.first, note=note)


def _week(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=at.weekday())


def _fee(category: str, amount: int) -> int:
    if category == "charge":
        return amount * 15 // 1000 + 20
    return DISPUTE_FEE if category == "dispute" else 0

"""A month of Stripe's account in sums: what came in, what went out, what is still there."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from payments.books import beginning, calendar_month
from payments.models import BalanceLine, ClosedMonth

# Stripe's reporting categories in the words of the page; whatever is not here is "other".
COLUMNS = {
    "charge": "takings",
    "charge_failure": "takings",
    "partial_capture_reversal": "refunds",
    "refund": "refunds",
    "refund_failure": "refunds",
    "dispute": "chargebacks",
    "dispute_reversal": "chargebacks",
    "fee": "fees",
    "network_cost": "fees",
    "tax": "fees",
    "payout": "payouts",
    "payout_reversal": "payouts",
}


@dataclass
class Figures:
    """Signed minor units of one currency: what left us is negative, fees and payouts too."""

    takings: int = 0
    refunds: int = 0
    chargebacks: int = 0
    fees: int = 0
    other: int = 0
    payouts: int = 0
    lines: int = 0

    @property
    def net(self) -> int:
        """What the month brought: everything but the payouts."""
        return self.takings + self.refunds + self.chargebacks + self.fees + self.other

    def add(self, category: str, amount: int, fee: int, count: int) -> None:
        """Add up lines of a category; `fee` as Stripe has it, positive for what it kept."""
        column = COLUMNS.get(category, "other")
        setattr(self, column, getattr(self, column) + amount)
        self.fees -= fee
        self.lines += count


@dataclass
class Month(Figures):
    """`opening` and `closing` are what Stripe held when the month began and ended."""

    currency: str = ""
    opening: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.net + self.payouts

    def as_json(self) -> dict[str, Any]:
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**plain, "net": self.net, "closing": self.closing}


def month(named: date) -> list[Month]:
    """Each currency's figures of a month; a closed month's are those it was closed with."""
    closed = ClosedMonth.objects.filter(month=named).values_list("figures", flat=True).first()
    return reckon(named) if closed is None else [of_json(one) for one in closed]


def of_json(figures: Mapping[str, Any]) -> Month:
    """Figures as they were stored."""
    return Month(**{one.name: figures[one.name] for one in fields(Month)})


def reckon(named: date) -> list[Month]:
    """The same from the lines, whether it is closed or not."""
    opening = held_before(named)
    rows = _sums(BalanceLine.objects.filter(month=named, counts=True), "currency")
    found = {name: Month(currency=name, opening=held) for name, held in opening.items()}
    for currency, category, amount, fee, count in rows:
        found.setdefault(currency, Month(currency=currency)).add(category, amount, fee, count)
    return [found[name] for name in sorted(found) if found[name].opening or found[name].lines]


def _sums(lines: QuerySet[BalanceLine], *by: str) -> Any:
    grouped = lines.order_by().values(*by, "category")
    sums = {"gross": Sum("amount"), "fees": Sum("fee"), "count": Count("pk")}
    return grouped.annotate(**sums).values_list(*by, "category", *sums)


def held_before(named: date) -> dict[str, int]:
    """What Stripe held when a month began, by currency; from the last closed month on, if there is one."""
    last = ClosedMonth.objects.filter(month__lt=named).order_by("-month").first()
    since = BalanceLine.objects.filter(month__lt=named, counts=True)
    if last is None:
        held = dict(beginning.seen().opening)
    else:
        held = {one["currency"]: one["closing"] for one in last.figures}
        since = since.filter(month__gt=last.month)
    for currency, net in since.order_by().values_list("currency").annotate(sum=Sum("net")):
        held[currency] = held.get(currency, 0) + net
    return held


def held() -> dict[str, int]:
    """What Stripe holds now, by our lines."""
    return held_before(date.max)


def corrections(named: date) -> QuerySet[BalanceLine]:
    """Lines that belong to a closed month and were learned in this one."""
    until = calendar_month.begin(named, beginning.zone())
    return BalanceLine.objects.filter(month=named, occurred_at__lt=until)


# How a month can be split: the columns to group by, from the booking that a line belongs to.
SPLITS = {
    "service": ("payment__booking__service_id", "payment__booking__service__name"),
    "person": ("payment__booking__resource_id", "payment__booking__resource__name"),
}


@dataclass(frozen=True)
class Share:
    """What one service or person brought in a month; `key` None is what belongs to no booking of ours."""

    key: int | None
    name: str
    currency: str
    figures: Figures


def shares(named: date, by: str) -> list[Share]:
    """A month split by `service` or `person`; together they are the month, payouts left out."""
    columns = SPLITS[by]
    lines = BalanceLine.objects.filter(month=named, counts=True).filter(~Q(about="payout"))
    found: dict[tuple[Any, str, str], Figures] = {}
    for key, name, currency, category, amount, fee, count in _sums(lines, *columns, "currency"):
        share = found.setdefault((key, name or "", currency), Figures())
        share.add(category, amount, fee, count)
    made = [Share(*key, figures) for key, figures in found.items()]
    return sorted(made, key=lambda share: (share.currency, share.key is None, -share.figures.takings))


def months_with_lines() -> list[date]:
    """All months that something is booked in, newest first."""
    first = BalanceLine.objects.filter(month__isnull=False).order_by("month").values_list("month", flat=True)
    last = BalanceLine.objects.filter(month__isnull=False).order_by("-month").values_list("month", flat=True)
    start, end = first.first(), last.first()
    named = []
    while start and end and end >= start:
        named.append(end)
        end = calendar_month.preceding(end)
    return named


def disagrees(closed: ClosedMonth) -> bool:
    """Whether a closed month's lines no longer give the figures that it was closed with: never."""
    now = [one.as_json() | {"opening": 0, "closing": 0} for one in reckon(closed.month) if one.lines]
    then = [one | {"opening": 0, "closing": 0} for one in closed.figures if one["lines"]]
    return now != then

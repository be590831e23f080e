"""A month of Stripe's account in sums: what came in, what went out, what is still there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet, Sum

from bookings.models import Business
from payments.books import beginning, calendar_month
from payments.models import BalanceLine, ClosedMonth, MonthTotal

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

    def any(self) -> bool:
        """Whether anything but payouts is in it."""
        return any((self.takings, self.refunds, self.chargebacks, self.fees, self.other))

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def add(self, category: str, amount: int, fee: int, count: int) -> None:
        """Add up lines of a category; `fee` as Stripe has it, positive for what it kept."""
        column = COLUMNS.get(category, "other")
        setattr(self, column, getattr(self, column) + amount)
        self.fees -= fee
        self.lines += count


Kind = TypeVar("Kind", bound=Figures)


@dataclass
class Month(Figures):
    """`opening` and `closing` are what Stripe held when the month began and ended."""

    currency: str = ""
    opening: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.net + self.payouts

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "net": self.net, "closing": self.closing}


@dataclass(frozen=True)
class Source:
    """What a month is added up from."""

    rows: Callable[[], QuerySet[Any]]
    count: Any
    net: Any
    # What leads to the booking's service and person, and what is there only for a booking of ours.
    booking: str
    ours: str


# The truth: closing a month and every proof read these.
LINES = Source(
    lambda: BalanceLine.objects.filter(counts=True, month__isnull=False),
    Count("pk"),
    Sum("net"),
    "payment__booking__",
    "payment",
)
# The same, derived from them: few rows whatever is sold, for pages.
TOTALS = Source(MonthTotal.objects.all, Sum("lines"), Sum(F("amount") - F("fee")), "", "service")


def month(named: date) -> list[Month]:
    """Each currency's figures of a month; a closed month's are those it was closed with."""
    kept = _kept(named)
    return reckon(named, TOTALS) if kept is None else [_of_json(Month, one) for one in kept["month"]]


def _kept(named: date) -> dict[str, Any] | None:
    return ClosedMonth.objects.filter(month=named).values_list("figures", flat=True).first()


def _of_json(kind: type[Kind], figures: Mapping[str, Any]) -> Kind:
    return kind(**{one.name: figures[one.name] for one in fields(kind)})


def to_be_kept(named: date) -> dict[str, Any]:
    """All figures of a month as JSON."""
    split = {by: [one.as_json() for one in reckon_shares(named, by)] for by in SPLITS}
    return {"month": [one.as_json() for one in reckon(named)], **split}


def reckon(named: date, source: Source = LINES) -> list[Month]:
    """The same added up anew, whether it is closed or not."""
    opening = held_before(named, source)
    found = {name: Month(currency=name, opening=held) for name, held in opening.items()}
    for currency, category, amount, fee, count in _sums(
        source, source.rows().filter(month=named), "currency"
    ):
        found.setdefault(currency, Month(currency=currency)).add(category, amount, fee, count)
    return [found[name] for name in sorted(found) if found[name].opening or found[name].lines]


def _sums(source: Source, rows: QuerySet[Any], *by: str) -> Any:
    grouped = rows.order_by().values(*by, "category")
    sums = {"gross": Sum("amount"), "fees": Sum("fee"), "count": source.count}
    return grouped.annotate(**sums).values_list(*by, "category", *sums)


def held_before(named: date, source: Source = LINES) -> dict[str, int]:
    """What Stripe held when a month began, by currency; from the last closed month on, if there is one."""
    last = ClosedMonth.objects.filter(month__lt=named).order_by("-month").defer("file").first()
    since = source.rows().filter(month__lt=named)
    if last is None:
        held = dict(beginning.seen().opening)
    else:
        held = {one["currency"]: one["closing"] for one in last.figures["month"]}
        since = since.filter(month__gt=last.month)
    for currency, net in since.order_by().values_list("currency").annotate(sum=source.net):
        held[currency] = held.get(currency, 0) + net
    return held


def held() -> dict[str, int]:
    """What Stripe holds now, by our lines."""
    return held_before(date.max)


def corrections(named: date) -> QuerySet[BalanceLine]:
    """Lines that belong to a closed month and were learned in this one."""
    until = calendar_month.begin(named, Business.current().zone)
    return BalanceLine.objects.filter(month=named, occurred_at__lt=until)


def corrects(line: BalanceLine, zone: ZoneInfo) -> date | None:
    """The closed month that a line belongs to, if it was learned too late for it."""
    own = calendar_month.month_of(line.occurred_at, zone)
    return own if line.month is not None and own < line.month else None


# How a month can be split: the columns of a booking to group by.
SPLITS = {"service": ("service_id", "service__name"), "person": ("resource_id", "resource__name")}


@dataclass(frozen=True)
class Share:
    """What one service or person brought in a month; not `is_ours` is what no booking of ours brought."""

    key: int | None
    name: str
    is_ours: bool
    currency: str
    figures: Figures

    def as_json(self) -> dict[str, Any]:
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**plain, "figures": self.figures.as_json()}


def shares(named: date, by: str) -> list[Share]:
    """A month split by `service` or `person`; a closed month as it was then, whoever took over since."""
    kept = _kept(named)
    if kept is None:
        return reckon_shares(named, by, TOTALS)
    return [Share(**one | {"figures": _of_json(Figures, one["figures"])}) for one in kept[by]]


def reckon_shares(named: date, by: str, source: Source = LINES) -> list[Share]:
    """The same added up anew; together they are the month, but for the payouts."""
    columns = [f"{source.booking}{column}" for column in SPLITS[by]]
    is_ours = ExpressionWrapper(Q(**{f"{source.ours}__isnull": False}), models.BooleanField())
    rows = source.rows().filter(month=named).annotate(ours=is_ours)
    found: dict[tuple[Any, str, bool, str], Figures] = {}
    for *named_by, category, amount, fee, count in _sums(source, rows, *columns, "ours", "currency"):
        key, name, is_ours, currency = named_by
        share = found.setdefault((key, name or "", bool(is_ours), currency), Figures())
        share.add(category, amount, fee, count)
    made = [Share(*key, figures) for key, figures in found.items() if figures.any()]
    return sorted(made, key=lambda share: (share.currency, not share.is_ours, -share.figures.takings))


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

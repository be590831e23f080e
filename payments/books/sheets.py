"""The tables of a month, for pages, CSV and the accountant's file: the same rows everywhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bookings.models import Business
from core.spreadsheet import Money
from payments.books import months
from payments.books.months import Figures, Month, Share
from payments.models import BalanceLine, Payout

COLUMNS = ("takings", "refunds", "chargebacks", "fees", "other", "net")
Row = tuple[Any, ...]
NOBODY = "Not of a booking of ours"


@dataclass(frozen=True)
class Sheet:
    """A table; money is `Money`."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


def month(figures: Iterable[Month]) -> Sheet:
    """By currency: what Stripe held, what moved, what it holds."""
    rows = [
        (
            one.currency.upper(),
            _money(one, "opening"),
            *(_money(one, name) for name in COLUMNS),
            _money(one, "payouts"),
            _money(one, "closing"),
        )
        for one in figures
    ]
    return Sheet("month", ("currency", "opening", *COLUMNS, "payouts", "closing"), rows)


def _money(one: Month, name: str) -> Money:
    return Money(getattr(one, name), one.currency)


def split(by: str, shares: Iterable[Share]) -> Sheet:
    """By `service` or `person`."""
    rows = [(_name(by, one), one.currency.upper(), *_figures(one.figures, one.currency)) for one in shares]
    return Sheet(f"by_{by}", (by, "currency", *COLUMNS), rows)


def _name(by: str, one: Share) -> str:
    if one.name:
        return one.name
    return "No person" if one.is_ours and by == "person" else NOBODY


def _figures(figures: Figures, currency: str) -> Iterator[Money]:
    return (Money(getattr(figures, name), currency) for name in COLUMNS)


LINE_COLUMNS = (
    "date", "category", "stripe_id", "source", "booking", "service", "currency", "amount", "fee", "net",
    "exchange_rate", "correction_of",
)  # fmt: skip


def lines(named: date) -> Sheet:
    """Every line of a month, oldest first; times in the business's zone, as spreadsheets read them."""
    rows = BalanceLine.objects.filter(month=named, counts=True).order_by("occurred_at", "pk")
    with_booking = rows.select_related("payment__booking")
    zone = Business.current().zone
    found = (_line(line, zone) for line in with_booking.iterator(chunk_size=2000))
    return Sheet("lines", LINE_COLUMNS, found)


def _line(line: BalanceLine, zone: ZoneInfo) -> Row:
    booking = line.payment.booking if line.payment else None
    return (
        f"{line.occurred_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        line.category,
        line.stripe_id,
        line.source_id,
        booking.reference if booking else "",
        booking.service_name if booking else "",
        line.currency.upper(),
        Money(line.amount, line.currency),
        Money(line.fee, line.currency),
        Money(line.net, line.currency),
        line.rate,
        months.corrects(line, zone) or "",
    )


def payouts(named: date) -> Sheet:
    """The payouts that left Stripe's balance in a month, oldest first."""
    own = BalanceLine.objects.filter(month=named, category="payout").values("stripe_id")
    rows = Payout.objects.filter(own_line__in=own).order_by("created_at", "pk")
    columns = ("payout", "made", "arrives_on", "state", "automatic", "currency", "amount", "bank_trace_id")
    return Sheet("payouts", columns, map(_payout, rows))


def _payout(row: Payout) -> Row:
    return (
        row.stripe_id,
        row.created_at,
        row.arrives_on,
        row.get_status_display(),
        "yes" if row.automatic else row.method,
        row.currency.upper(),
        Money(row.amount, row.currency),
        row.trace_id,
    )

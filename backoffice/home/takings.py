"""What came in and what went back, by day and currency: one indexed aggregate over the statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from payments.models import PaymentTransaction, TransactionKind
from refunds.models import Dispute

IN = (TransactionKind.PAYMENT,)
BACK = (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)
CHART_DAYS = 30


@dataclass
class Sums:
    """Minor units; what was given back as a positive number."""

    taken: int = 0
    refunded: int = 0

    @property
    def refund_rate(self) -> float | None:
        """Given back as a share of what was taken in the same time; None if nothing was."""
        return self.refunded / self.taken if self.taken else None


@dataclass
class Takings:
    """One currency's figures; `days` has each of the last CHART_DAYS, oldest first."""

    currency: str
    days: dict[date, Sums]
    today: Sums = field(default_factory=Sums)
    month: Sums = field(default_factory=Sums)
    last_month: Sums = field(default_factory=Sums)  # up to the same day
    disputes: int = 0
    disputed: int = 0


def takings(*, now: datetime, zone: ZoneInfo) -> list[Takings]:
    """The figures of every currency in which money moved lately, in two queries."""
    today = now.astimezone(zone).date()
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    by_now = min(before + (today - month), month - timedelta(days=1))
    first = min(before, today - timedelta(days=CHART_DAYS - 1))
    found: dict[str, Takings] = {}
    for currency, day, kind, amount in _by_day(first, zone):
        one = found.setdefault(currency, Takings(currency, _empty_days(today)))
        spans = [
            one.days.get(day),
            one.today if day == today else None,
            one.month if day >= month else None,
            one.last_month if before <= day <= by_now else None,
        ]
        _add(filter(None, spans), kind, amount)
    for currency, (count, amount) in _disputes(month, zone).items():
        one = found.setdefault(currency, Takings(currency, _empty_days(today)))
        one.disputes, one.disputed = count, amount
    return sorted(found.values(), key=lambda one: (-one.month.taken, one.currency))


def _empty_days(today: date) -> dict[date, Sums]:
    return {today - timedelta(days=ago): Sums() for ago in range(CHART_DAYS - 1, -1, -1)}


def _add(spans: Iterable[Sums], kind: str, amount: int) -> None:
    for span in spans:
        if kind in IN:
            span.taken += amount
        else:
            span.refunded -= amount


def _by_day(first: date, zone: ZoneInfo) -> Iterable[tuple[str, date, str, int]]:
    lines = PaymentTransaction.objects.filter(occurred_at__gte=_begin(first, zone), kind__in=(*IN, *BACK))
    by_day = lines.order_by().values("currency", "kind", day=TruncDate("occurred_at", tzinfo=zone))
    return by_day.annotate(sum=Sum("amount")).values_list("currency", "day", "kind", "sum")


def _disputes(first: date, zone: ZoneInfo) -> dict[str, tuple[int, int]]:
    opened = Dispute.objects.filter(opened_at__gte=_begin(first, zone)).order_by().values("currency")
    rows = opened.annotate(count=Count("pk"), sum=Sum("amount"))
    return {row["currency"]: (row["count"], row["sum"]) for row in rows}


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)

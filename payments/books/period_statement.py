"""The accountant's statement: a period in sums, from the statement alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from payments.models import PaymentTransaction, TransactionKind

# What each column adds up; together they are every kind of line there is.
COLUMNS: dict[str, tuple[TransactionKind, ...]] = {
    "payments": (TransactionKind.PAYMENT,),
    "refunds": (TransactionKind.REFUND,),
    "returned": (TransactionKind.REFUND_RETURNED,),
    "chargebacks": (TransactionKind.CHARGEBACK,),
    "chargebacks_returned": (TransactionKind.CHARGEBACK_RETURNED,),
    "fees": (TransactionKind.DISPUTE_FEE,),
}


@dataclass(frozen=True)
class PeriodStatement:
    """Signed minor units of one currency; `closing` is `opening` and all of `sums` together."""

    currency: str
    opening: int
    sums: dict[str, int]

    @property
    def closing(self) -> int:
        return self.opening + sum(self.sums.values())


def statements(*, since: datetime, until: datetime) -> list[PeriodStatement]:
    """One for each currency that ever moved, from `since` (included) to `until` (not), UTC."""
    lines = PaymentTransaction.objects.filter(occurred_at__lt=until)
    opening = _by_currency(lines.filter(occurred_at__lt=since), ["opening"])
    within = _by_currency(lines.filter(occurred_at__gte=since), COLUMNS)
    return [
        PeriodStatement(
            currency=currency,
            opening=opening.get(currency, {}).get("opening", 0),
            sums=within.get(currency) or dict.fromkeys(COLUMNS, 0),
        )
        for currency in sorted({*opening, *within})
    ]


def _by_currency(lines: QuerySet[PaymentTransaction], columns: Iterable[str]) -> dict[str, dict[str, int]]:
    sums = {name: Sum("amount", filter=_of(name), default=0) for name in columns}
    rows: list[dict[str, Any]] = [dict(row) for row in lines.order_by().values("currency").annotate(**sums)]
    return {row.pop("currency"): row for row in rows}


def _of(column: str) -> Q:
    return Q(kind__in=COLUMNS[column]) if column in COLUMNS else Q()

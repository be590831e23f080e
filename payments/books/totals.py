"""Sums of each month, kept beside the lines so that no page has to add up a million of them.

The lines are the truth and these are derived: written in the lines' own transaction, under the lock of the
books, and proved against them every hour (proving.py). Several rows of a key are added up when they are read,
so that to write is to insert.
"""

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from payments.models import BalanceLine, MonthTotal

Sums = dict[tuple[Any, ...], tuple[int, ...]]
KEY = ("month", "currency", "category", "network")
# Whose it is stands on the booking; what has none is not ours.
WHOSE = {"service_id": "payment__booking__service_id", "resource_id": "payment__booking__resource_id"}
SUMS = ("amount", "fee", "lines")
AT_ONCE = 500


def put_in(lines: QuerySet[BalanceLine]) -> None:
    """Add lines that were just written, or changed since they were taken out."""
    insert(of_lines(lines))


def take_out(lines: QuerySet[BalanceLine]) -> None:
    """Take lines out before they change."""
    insert(negative(of_lines(lines)))


def of_lines(lines: QuerySet[BalanceLine]) -> Sums:
    """What these lines add up to, by key."""
    booked = lines.filter(month__isnull=False, counts=True).order_by()
    sums = {"in_all": Sum("amount"), "fees": Sum("fee"), "count": Count("pk")}
    return _by_key(
        booked.values(*KEY, *WHOSE.values()).annotate(**sums).values_list(*KEY, *WHOSE.values(), *sums)
    )


def of_month(month: date) -> Sums:
    """What is kept of a month, by key."""
    rows = MonthTotal.objects.filter(month=month).order_by().values(*KEY, *WHOSE)
    sums = {f"all_{name}": Sum(name) for name in SUMS}
    return _by_key(rows.annotate(**sums).values_list(*KEY, *WHOSE, *sums))


def _by_key(rows: Any) -> Sums:
    found = {tuple(row[: -len(SUMS)]): tuple(map(int, row[-len(SUMS) :])) for row in rows}
    return {key: sums for key, sums in found.items() if any(sums)}


def negative(sums: Sums) -> Sums:
    return {key: tuple(-part for part in parts) for key, parts in sums.items()}


def insert(sums: Sums) -> None:
    """Add these to what is kept."""
    names = (*KEY, *WHOSE, *SUMS)
    rows = [MonthTotal(**dict(zip(names, (*key, *parts), strict=True))) for key, parts in sums.items()]
    MonthTotal.objects.bulk_create(rows, batch_size=AT_ONCE)

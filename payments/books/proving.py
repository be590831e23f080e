"""The kept sums of each month are held against its lines, and follow what is changed at a booking."""

from collections.abc import Callable
from datetime import date, datetime

import structlog
from django.db import transaction

from bookings.audit import Story
from payments.books import beginning, months, totals
from payments.models import BalanceLine, ClosedMonth, MonthTotal

log = structlog.get_logger()


def rebuild(month: date) -> bool:
    """Write a month's totals anew if they differ from its lines or lie in pieces; False if they differed."""
    with transaction.atomic():
        beginning.locked()
        truth, kept = totals.of_lines(BalanceLine.objects.filter(month=month)), totals.of_month(month)
        rows = MonthTotal.objects.filter(month=month)
        if kept != truth or rows.count() != len(truth):
            rows.delete()
            totals.insert(truth)
    return kept == truth


def rebuild_all() -> None:
    """After lines were put in without their totals."""
    for month in _months():
        rebuild(month)


def prove(month: date) -> bool:
    """Hold a month's totals against its lines and mend them; False if something had left them out."""
    is_right = rebuild(month)
    if not is_right:
        log.warning("books.totals_differed", month=f"{month:%Y-%m}")
    return is_right


def prove_open(clock: Callable[[], datetime]) -> int:
    """The worker's turn: all months that aren't closed; returns how many were mended."""
    last = ClosedMonth.objects.order_by("-month").values_list("month", flat=True).first()
    return sum(not prove(month) for month in _months() if last is None or month > last)


def prove_all() -> int:
    """Closed months too; returns how many were mended."""
    return sum(not prove(month) for month in _months())


def _months() -> list[date]:
    """Those that have lines, and those that only totals are left of."""
    kept = MonthTotal.objects.order_by().values_list("month", flat=True).distinct()
    return sorted({*months.months_with_lines(), *kept})


def follow_person(story: Story, resource: int | None) -> None:
    """The locked booking goes to another person, and what its lines brought goes along.

    Under the lock of the books, so that no line of it is just being written for the one before.
    """
    beginning.locked()
    brought = totals.of_lines(BalanceLine.objects.filter(payment__booking=story.booking))
    totals.insert(totals.negative(brought))
    totals.insert({(*key[:-1], resource): parts for key, parts in brought.items()})

"""When the books begin, what Stripe held then, and which month a movement is booked in."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from bookings.models import Business
from core.models import Mark
from payments.books import calendar_month, totals
from payments.models import BalanceLine, ClosedMonth

BOOKS = "books"
AT_ONCE = 500
Sums = dict[str, int]


@dataclass(frozen=True)
class Months:
    """Read under the lock, so that no month is closed while a line is written into it."""

    since: datetime | None
    opening: Sums
    last_closed: date | None
    zone: ZoneInfo

    def booked(self, occurred_at: datetime, *, now: datetime) -> date | None:
        """The month of a movement learned `now`: its own, or the present one if its own is closed.

        None before the books began: that is in the opening balance.
        """
        if self.since is None or occurred_at < self.since:
            return None
        own = calendar_month.month_of(occurred_at, self.zone)
        if self.last_closed is None or own > self.last_closed:
            return own
        return max(calendar_month.month_of(now, self.zone), calendar_month.following(self.last_closed))


def locked() -> Months:
    """Lock the books for this transaction: lines, beginning and closing wait for each other."""
    Mark.objects.get_or_create(name=BOOKS, defaults={"at": Now()})
    Mark.objects.select_for_update().get(name=BOOKS)
    return seen()


def seen() -> Months:
    """The same, only to look at."""
    zone = Business.current().zone
    note = Mark.objects.filter(name=BOOKS).values_list("note", flat=True).first() or {}
    closed = ClosedMonth.objects.order_by("-month").values_list("month", flat=True).first()
    since = note.get("since")
    return Months(datetime.fromisoformat(since) if since else None, note.get("opening", {}), closed, zone)


def begin(since: datetime, *, held: Sums, now: datetime) -> None:
    """Let the books begin at `since`, or earlier than they do, all movements from there on being known.

    `held` is what Stripe holds now by currency, in minor units; only the first time it is looked at.
    """
    with transaction.atomic():
        months = locked()
        if months.since is not None and months.since <= since:
            return
        until = months.since
        moved = _net(since, until)
        start = months.opening if until else held
        opening = {name: start.get(name, 0) - moved.get(name, 0) for name in {*start, *moved}}
        note = {"since": since.isoformat(), "opening": opening}
        Mark.objects.filter(name=BOOKS).update(note=note, at=now)
        _book(Months(since, opening, months.last_closed, months.zone), now)


def _net(since: datetime, until: datetime | None) -> Sums:
    lines = BalanceLine.objects.filter(occurred_at__gte=since, counts=True)
    if until:
        lines = lines.filter(occurred_at__lt=until)
    return dict(lines.order_by().values_list("currency").annotate(sum=Sum("net")))


def _book(months: Months, now: datetime) -> None:
    """Book what was written down before the books began."""
    waiting = list(
        BalanceLine.objects.filter(month=None, occurred_at__gte=months.since).order_by("occurred_at")
    )
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        for line in some:
            month = months.booked(line.occurred_at, now=now)
            BalanceLine.objects.filter(pk=line.pk).update(month=month)
        totals.put_in(BalanceLine.objects.filter(pk__in=[line.pk for line in some]))

"""Closing a month: its figures are kept with the accountant's file, and nothing is booked in it any more."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from payments.books import accountant, beginning, calendar_month, months
from payments.models import BalanceLine, ClosedMonth


def close(named: date, *, by: str, now: datetime, note: str = "") -> ClosedMonth:
    """Close a month of the books. `by` is like `staff:3`. Raises DomainError `not_closable`."""
    with transaction.atomic():
        seen = beginning.locked()
        if why := why_not(named, seen, now):
            raise DomainError("not_closable", why)
        file = accountant.file(named, now=now)
        return ClosedMonth.objects.create(
            month=named,
            figures=months.to_be_kept(named),
            file=file,
            digest=hashlib.sha256(file).hexdigest(),
            closed_at=now,
            closed_by=by,
            note=note,
        )


def why_not(named: date, seen: beginning.Months, now: datetime) -> str:
    """Why a month can't be closed now; "" if it can."""
    if seen.since is None or named < calendar_month.month_of(seen.since, seen.zone):
        return _("The books begin later than this month.")
    if now < calendar_month.begin(calendar_month.following(named), seen.zone):
        return _("%(month)s isn't over yet.") % {"month": f"{named:%B %Y}"}
    if seen.last_closed and named <= seen.last_closed:
        return _("%(month)s is closed already.") % {"month": f"{named:%B %Y}"}
    if first := _first_open(named, seen):
        return _("Close %(month)s first.") % {"month": f"{first:%B %Y}"}
    return ""


def _first_open(named: date, seen: beginning.Months) -> date | None:
    earlier = BalanceLine.objects.filter(month__lt=named)
    if seen.last_closed:
        earlier = earlier.filter(month__gt=seen.last_closed)
    return earlier.order_by("month").values_list("month", flat=True).first()

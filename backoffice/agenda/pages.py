"""The agenda: a day or a week at a glance, for everybody or for one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.agenda import days
from backoffice.agenda.layout import HOUR, Column, clock, closed, free_times
from backoffice.toolkit.show import linked
from bookings.models import Business, Resource

STEP = 15
WAYS = {"day": (days.of_day, timedelta(days=1)), "week": (days.of_week, timedelta(weeks=1))}


@dataclass(frozen=True)
class Moment:
    """A minute of the day, and how the clock writes it."""

    at: int
    words: str


@dataclass(frozen=True)
class Shown:
    """A column as the page draws it."""

    column: Column
    closed: list[tuple[int, int]]
    free: list[Moment]
    now: int | None


def agenda_page(request: HttpRequest) -> HttpResponse:
    """`?day=2026-12-01&view=week&who=3`; what can't be read is today, the day, everybody."""
    own = None if request.user.has_perm("bookings.view_booking") else own_diary(request)
    now = timezone.now()
    wall = now.astimezone(Business.current().zone)
    today = wall.date()
    day = day_of(request.GET.get("day", "")) or today
    view = request.GET.get("view", "") if request.GET.get("view") in WAYS else "day"
    only = own or whole(request.GET.get("who", ""))
    read, stride = WAYS[view]
    agenda = read(day, now=now, only=only)
    context = {
        **admin.site.each_context(request),
        "title": _("Agenda"),
        "agenda": agenda,
        "columns": [_shown(one, agenda, wall) for one in agenda.columns],
        "hours": [Moment(at, clock(at)) for at in range(agenda.first, agenda.last, HOUR)],
        "heading": _heading(day, view),
        "numbers": _numbers(agenda),
        "before": _query(day - stride, view, only),
        "after": _query(day + stride, view, only),
        "now_link": _query(today, view, only),
        "is_now": day == today,
        "day": day,
        "view": view,
        "only": only,
        "step": STEP,
        "own": own,
        "resources": [] if own else Resource.objects.filter(is_active=True).order_by("kind", "name"),
    }
    return TemplateResponse(request, "backoffice/agenda/page.html", context)


def _numbers(agenda: days.Agenda) -> dict[str, Any] | None:
    """The days of a week that is too full to be shown, as a table."""
    if not agenda.in_numbers:
        return None
    rows = [[linked(one.link, one.title), f"{one.count:,}"] for one in agenda.columns]
    return {"headers": [_("Day"), _("Appointments")], "rows": rows}


def own_diary(request: HttpRequest) -> int:
    """Whose diary somebody may see who sees no other's: their own, without money."""
    resource = Resource.objects.filter(user=request.user.pk).first()
    if resource is None or not request.user.has_perm("accounts.own_diary"):
        raise PermissionDenied
    return resource.pk


def day_of(text: str) -> date | None:
    """A day as forms send it, within what calendars can reckon with."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


def whole(text: str) -> int | None:
    """A row's number; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _shown(column: Column, agenda: days.Agenda, wall: datetime) -> Shown:
    minute = wall.hour * HOUR + wall.minute
    is_past = column.day < wall.date().isoformat()
    free = [] if is_past else free_times(column, agenda.first, agenda.last, STEP)
    if column.is_today:
        free = [at for at in free if at > minute]
    is_shown = column.is_today and agenda.first <= minute < agenda.last
    return Shown(
        column,
        closed(column.opened, agenda.first, agenda.last),
        [Moment(at, clock(at)) for at in free],
        minute if is_shown else None,
    )


def _heading(day: date, view: str) -> str:
    if view == "day":
        return f"{day:%A %-d %B %Y}"
    monday = day - timedelta(days=day.weekday())
    return _("%(monday)s to %(sunday)s") % {
        "monday": f"{monday:%-d %b}",
        "sunday": f"{monday + timedelta(days=6):%-d %b %Y}",
    }


def _query(day: date, view: str, only: int | None) -> str:
    asked: dict[str, Any] = {"day": day.isoformat(), "view": view}
    return urlencode(asked | ({"who": only} if only else {}))

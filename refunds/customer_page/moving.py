"""Move an appointment from its page: choose a free time, see the terms, and say yes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings import links, moving
from bookings.calendar.slots import FreeTimes
from bookings.models import Booking, BookingStatus, Business
from core.errors import DomainError
from core.language import day, day_and_time, time_of_day
from refunds.customer_page import showing
from refunds.customer_page.access import for_holders, message, show
from refunds.customer_page.views import by_holder
from refunds.wording.appointment import terms, when

DAYS = 7
FARTHEST = timedelta(days=5 * 365)


@require_http_methods(["GET", "HEAD", "POST"])
@for_holders(links.PAGE)
def move(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Choose (GET), see what it would mean (GET with `starts_at`), do it (POST)."""
    now = timezone.now()
    if booking.status != BookingStatus.CONFIRMED or now > booking.refundable_until:
        text = _("It is cancelled, or free cancellation has ended. Ask the business.")
        return message(request, _("It can't be moved any more"), text, status=409, booking=booking)
    if request.method == "POST":
        return _do(request, booking, now)
    if "starts_at" not in request.GET:
        return _choose(request, booking, now=now)
    starts_at = _moment(request.GET["starts_at"])
    if starts_at is None:
        return _choose(request, booking, now=now, wrong=_("Choose a time."), status=400)
    return _confirm(request, booking, moving.quote(booking, starts_at, now=now))


def _do(request: HttpRequest, booking: Booking, now: datetime) -> HttpResponse:
    starts_at = _moment(request.POST.get("starts_at", ""))
    agreed = _moment(request.POST.get("expected_refundable_until", ""))
    if starts_at is None or agreed is None:
        return _choose(request, booking, now=now, wrong=_("Choose a time."), status=400)
    try:
        moving.move(
            Booking.objects.filter(pk=booking.pk),
            starts_at,
            expected_refundable_until=agreed,
            by=by_holder(booking),
            now=now,
        )
    except moving.TermsChanged as changed:
        return _confirm(request, booking, changed.quote, changed=True)
    except DomainError as error:
        return _choose(request, booking, now=now, wrong=error.detail, status=error.status)
    return redirect(links.local(booking, done="moved"))


def _confirm(
    request: HttpRequest, booking: Booking, quote: moving.MoveQuote, *, changed: bool = False
) -> HttpResponse:
    if quote.code:
        wrong = _("This time is not free any more. Nothing was moved: choose another.")
        return _choose(request, booking, now=quote.now, wrong=wrong, status=409)
    business = Business.current()
    over = _("Free cancellation has ended by then: nothing is given back.")
    ends = quote.refundable_until
    context = _around(booking, business) | {
        "to": day_and_time(quote.starts_at, business.zone),
        "terms": terms(ends, business.zone) if ends > quote.now else over,
        "starts_at": quote.starts_at.isoformat(),
        "refundable_until": ends.isoformat(),
        "wrong": _("The terms have changed. Nothing was moved: look at them first.") if changed else "",
    }
    return show(request, "move_confirm", context, business=business, status=409 if changed else 200)


def _choose(
    request: HttpRequest, booking: Booking, *, now: datetime, wrong: str = "", status: int = 200
) -> HttpResponse:
    business = Business.current()
    today = now.astimezone(business.zone).date()
    first = _first_day(request.GET.get("from", ""), today)
    context = _around(booking, business) | {
        "k": request.GET.get("k", ""),
        "wrong": wrong,
        "today": today.isoformat(),
        "first_day": first.isoformat(),
        "days": _free(booking, first, business, now),
    }
    return show(request, "move", context, business=business, status=status)


def _around(booking: Booking, business: Business) -> dict[str, Any]:
    return {
        "service": booking.service_name,
        "when": when(booking, business.zone),
        "links": showing.links_of(booking),
    }


def _free(booking: Booking, first: date, business: Business, now: datetime) -> list[dict[str, Any]]:
    """The days that have a free time, and their times as the business's clocks show them."""
    found = FreeTimes(booking.service, first=first, days=DAYS, resource=None, now=now).read()
    return [
        {
            "name": day(one.date),
            "times": [
                {
                    "starts_at": slot.starts_at.isoformat(),
                    "time": time_of_day(slot.starts_at, business.zone).partition(" ")[0],
                }
                for slot in one.slots
            ],
        }
        for one in found
        if one.slots
    ]


def _first_day(text: str, today: date) -> date:
    try:
        wished = parse_date(text[:10])
    except ValueError:
        wished = None
    return min(max(wished or today, today), today + FARTHEST)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text[:40])
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo and moment.year < 9000 else None

"""Move an appointment: first what moving there means, then, on POST, the move that was shown."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.agenda.booking import nearest_of
from backoffice.agenda.forms import WhenForm
from backoffice.toolkit.show import page_url
from backoffice.toolkit.sold import appointment, called, name_of_sale
from bookings import moving
from bookings.audit import By
from bookings.models import REFERENCE, Booking, Business
from core.errors import DomainError

PERMISSION = "bookings.change_booking"


class MoveForm(WhenForm):
    """Where to; `expected` is the end of free cancellation that was shown."""

    expected = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    nearest: list[dict[str, str]] = []


def move_page(request: HttpRequest, reference: str) -> HttpResponse:
    """`?day=2026-12-01&time=14:00&resource=3` shows what moving there means; POST moves."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    booking = _booking(reference)
    form = MoveForm(request.POST if request.method == "POST" else _asked(request, booking))
    if not form.is_valid():
        return _page(request, booking, form, None)
    quote = _quoted(booking, form, timezone.now())
    if request.method == "POST" and quote is not None and _is_moved(request, booking, form):
        zone = Business.current().zone
        day = form.cleaned_data["starts_at"].astimezone(zone).date()
        return HttpResponseRedirect(f"{reverse('agenda')}?day={day}")
    return _page(request, booking, form, quote)


def _booking(reference: str) -> Booking:
    found = Booking.objects.select_related("service", "customer", "resource")
    booking = found.filter(reference=reference).first() if REFERENCE.fullmatch(reference) else None
    if booking is None:
        raise Http404
    return booking


def _asked(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    """What was asked for; at first where it is."""
    wall = booking.starts_at.astimezone(Business.current().zone)
    begin = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "resource": booking.resource_id or ""}
    return {name: request.GET.get(name, value) for name, value in begin.items()}


def _quoted(booking: Booking, form: MoveForm, now: datetime) -> moving.MoveQuote | None:
    """What moving there means; None where that can't be said, with the reason on the form."""
    try:
        return moving.quote(
            booking, form.cleaned_data["starts_at"], resource_id=_resource(form), now=now, by_business=True
        )
    except DomainError as error:
        form.add_error(None, error.detail)
        return None


def _resource(form: MoveForm) -> int | None:
    chosen = form.cleaned_data["resource"]
    return chosen.pk if chosen else None


def _is_moved(request: HttpRequest, booking: Booking, form: MoveForm) -> bool:
    try:
        moved = moving.move(
            Booking.objects.filter(pk=booking.pk),
            form.cleaned_data["starts_at"],
            resource_id=_resource(form),
            expected_refundable_until=form.cleaned_data["expected"],
            by=By(f"staff:{request.user.pk}", "admin"),
            now=timezone.now(),
            by_business=True,
        )
    except moving.TermsChanged:
        form.add_error(None, _("Meanwhile the terms changed: look at them again before you go on."))
        return False
    except DomainError as error:
        form.add_error(None, error.detail)
        form.nearest = nearest_of(error)
        return False
    messages.success(
        request,
        _("%(name)s is moved to %(appointment)s, and is told by mail.")
        % {"name": called(moved.customer), "appointment": appointment(moved)},
    )
    return True


# Why it can't be moved there.
WHY_NOT = {
    "not_movable": gettext_lazy("Only a confirmed appointment that has not begun can be moved."),
    "starts_in_past": gettext_lazy("Choose a time in the future."),
    "slot_taken": gettext_lazy("Somebody else has that time."),
    "not_offered": gettext_lazy("It is closed then."),
}


def _page(
    request: HttpRequest, booking: Booking, form: MoveForm, quote: moving.MoveQuote | None
) -> HttpResponse:
    zone = Business.current().zone
    context = {
        **admin.site.each_context(request),
        "title": _("Move the appointment"),
        "opts": Booking._meta,
        "row_name": name_of_sale(booking),
        "back": page_url(booking),
        "booking": booking,
        "form": form,
        "quote": quote,
        "stays": quote is not None
        and quote.starts_at == booking.starts_at
        and _resource(form) in (None, booking.resource_id),
        "why_not": WHY_NOT.get(quote.code or "", _("It can't be moved there."))
        if quote and quote.code
        else "",
        "facts": _facts(booking, quote, zone, form) if quote else {},
        "expected": quote.refundable_until.isoformat() if quote else "",
        "nearest": form.nearest,
    }
    status = 409 if request.method == "POST" else 200
    return TemplateResponse(request, "backoffice/agenda/move.html", context, status=status)


def _facts(booking: Booking, quote: moving.MoveQuote, zone: Any, form: MoveForm) -> dict[str, str]:
    def told(at: datetime) -> str:
        return f"{at.astimezone(zone):%a %-d %b %Y, %H:%M}"

    chosen = form.cleaned_data["resource"]
    return {
        _("Customer"): called(booking.customer),
        _("Now"): told(booking.starts_at) + (f", {booking.resource}" if booking.resource else ""),
        _("Then"): told(quote.starts_at) + (f", {chosen}" if chosen else ""),
        _("Everything back until, now"): told(booking.refundable_until),
        _("Everything back until, then"): told(quote.refundable_until),
    }

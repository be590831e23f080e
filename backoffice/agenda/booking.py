"""Book somebody at the desk or on the phone, in one form."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.agenda.customers import matching
from backoffice.agenda.forms import BookForm, choices_of, first_guess
from backoffice.toolkit.sold import appointment, called
from bookings import selling
from bookings.audit import By
from bookings.models import Booking, Business, PayAt
from core.errors import DomainError

PERMISSION = "bookings.add_booking"
REMEMBERED = 20


def book_page(request: HttpRequest) -> HttpResponse:
    """Ask, and on POST book; a form that is sent twice books once."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    now = timezone.now()
    if request.method != "POST":
        return _page(request, BookForm(initial=first_guess(request.GET, now)))
    key, done = request.POST.get("key", ""), request.session.get("booked", {})
    if key in done:
        return HttpResponseRedirect(done[key])
    form = BookForm(_at_another_time(request))
    if not form.is_valid():
        return _page(request, form)
    try:
        booking = _book(request, form, now)
    except DomainError as error:
        form.add_error(None, error.detail)
        return _page(request, form, nearest_of(error))
    address = f"{reverse('agenda')}?day={booking.starts_at.astimezone(Business.current().zone):%Y-%m-%d}"
    request.session["booked"] = dict([*done.items(), (key, address)][-REMEMBERED:])
    messages.success(request, _told(booking))
    return HttpResponseRedirect(address)


def customers_part(request: HttpRequest) -> HttpResponse:
    """Those who are known by what was typed, for the form."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    find = request.GET.get("find", "")
    context = {"known": choices_of(matching(find)), "find": find, "chosen": ""}
    return TemplateResponse(request, "backoffice/agenda/known.html", context)


def _book(request: HttpRequest, form: BookForm, now: datetime) -> Booking:
    given = form.cleaned_data
    with transaction.atomic():
        return selling.book_for(
            customer=form.buyer(),
            service_id=given["service"].pk,
            starts_at=given["starts_at"],
            resource_id=given["resource"].pk if given["resource"] else None,
            pay_at=PayAt(given["pay_at"]),
            note=given["note"],
            by=By(f"staff:{request.user.pk}", "admin"),
            now=now,
        )


def _at_another_time(request: HttpRequest) -> Any:
    """The form as it was sent; one of the nearest times takes the place of the one that was asked for."""
    given = request.POST.copy()
    instead = given.get("instead", "").split("T", 1)
    if all(instead) and len(instead) == 2:
        given["day"], given["time"] = instead[0], instead[1][:5]
    return given


def nearest_of(error: DomainError) -> list[dict[str, str]]:
    """The offered times that are closest to one that isn't free, as a form shows them."""
    found = []
    for slot in cast(list[dict[str, Any]], error.extra.get("nearest", [])):
        local = datetime.fromisoformat(slot["local"])
        found.append({"value": slot["local"], "words": f"{local:%a %-d %b, %H:%M}"})
    return found


def _told(booking: Booking) -> str:
    with_whom = _(" with %(resource)s") % {"resource": booking.resource} if booking.resource else ""
    words = _("%(name)s is booked: %(appointment)s%(with_whom)s.") % {
        "name": called(booking.customer),
        "appointment": appointment(booking),
        "with_whom": with_whom,
    }
    if booking.pay_at == PayAt.APP and booking.hold_expires_at is not None:
        words += _(" The time is held until %(when)s for the payment.") % {
            "when": f"{timezone.localtime(booking.hold_expires_at):%H:%M}"
        }
    return words


def _page(request: HttpRequest, form: BookForm, nearest: list[dict[str, str]] | None = None) -> HttpResponse:
    find = str(form["find"].value() or "")
    context = {
        **admin.site.each_context(request),
        "title": _("New appointment"),
        "form": form,
        "find": find,
        "chosen": str(form["customer"].value() or ""),
        "known": choices_of(matching(find)) if form.is_bound else [],
        "nearest": nearest or [],
    }
    return TemplateResponse(
        request, "backoffice/agenda/book.html", context, status=409 if form.is_bound else 200
    )

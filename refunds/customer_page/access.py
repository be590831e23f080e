"""Who holds the link may look: the key is checked, requests are counted, nothing is kept or passed on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bookings import links
from bookings.models import REFERENCE, Booking, Business
from core import language
from core.throttles import ByAddress
from refunds.wording.appointment import signature

Page = Callable[[HttpRequest, Booking], HttpResponse]
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}


class PagesByAddress(ByAddress):
    scope = "booking_page"


def for_holders(*purposes: str) -> Callable[[Page], Callable[..., HttpResponse]]:
    """A page for whoever has a key for one of these purposes; for everybody else there is nothing.

    The key is what a forged request doesn't have, so Django's own token isn't needed: without a referrer
    it couldn't be checked.
    """

    def decorate(page: Page) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(page)
        def guarded(request: HttpRequest, reference: str) -> HttpResponse:
            response = _too_many(request) or _answer(request, reference, page, purposes)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return guarded

    return decorate


def _answer(request: HttpRequest, reference: str, page: Page, purposes: tuple[str, ...]) -> HttpResponse:
    booking = _booking(reference)
    given, now = request.GET.get("k", ""), timezone.now()
    if booking is None or not any(links.is_key(given, booking, now=now, purpose=p) for p in purposes):
        return message(
            request,
            _("There is nothing at this address."),
            _("The link is incomplete, or it is no longer good."),
            status=404,
        )
    with language.speaking(getattr(booking.customer, "language", "") or language.active()):
        response = page(request, booking)
        response.headers["Content-Language"] = language.active()
        return response


def _booking(reference: str) -> Booking | None:
    """Nothing is shown any more of somebody who was erased."""
    if not REFERENCE.fullmatch(reference):
        return None
    booking = Booking.objects.filter(reference=reference).select_related("customer", "service", "resource")
    found = booking.first()
    return found if found is None or found.customer.is_active or found.customer.email else None


def _too_many(request: HttpRequest) -> HttpResponse | None:
    limit = PagesByAddress()
    if limit.take(limit.get_cache_key(request)):
        return None
    text = _("Please wait a minute and try again.")
    response = message(request, _("Too many requests"), text, status=429)
    response.headers["Retry-After"] = str(int(limit.wait()) + 1)
    return response


def message(
    request: HttpRequest, title: str, text: str, *, status: int = 200, booking: Booking | None = None
) -> HttpResponse:
    """A page that says one thing; with a booking, it leads back to that."""
    context: dict[str, Any] = {"title": title, "text": text}
    if booking is not None:
        context["links"] = {"page": links.local(booking)}
    return show(request, "message", context, status=status, business=Business.current() if booking else None)


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    business: Business | None,
    status: int = 200,
) -> HttpResponse:
    """One of templates/booking, with the business's name around it."""
    around = {
        "language": language.active(),
        "seller": business,
        "signature": signature(business) if business else [],
    }
    return render(request, f"booking/{template}.html", context | around, status=status)

"""The page of a booking, for customers who never see the app (templates/booking)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import links, reminders
from bookings.audit import By
from bookings.calendar import calendar_file
from bookings.models import Booking, Business
from core.errors import DomainError
from core.money import in_words
from payments.books import receipts
from refunds import cancellation
from refunds.customer_page import showing
from refunds.customer_page.access import for_holders, message, show
from refunds.wording import customer as words
from refunds.wording.appointment import when

# More than any refund has; Python reads longer numbers slowly.
LONGEST_NUMBER = 12


def by_holder(booking: Booking) -> By:
    """Whoever holds the link acts for the customer."""
    return By(f"customer:{booking.customer_id}", "page")


@require_safe
@for_holders(links.PAGE)
def page(request: HttpRequest, booking: Booking) -> HttpResponse:
    """See what was booked, where and when, and where the money is."""
    business = Business.current()
    context = showing.page(booking, business, done=request.GET.get("done", ""), now=timezone.now())
    return show(request, "page", context, business=business)


@require_safe
@for_holders(links.PAGE)
def calendar(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The appointment as a calendar file."""
    file = calendar_file.of(booking, Business.current(), now=timezone.now())
    response = HttpResponse(file, content_type=calendar_file.content_type(booking))
    response.headers["Content-Disposition"] = f'attachment; filename="{booking.reference}.ics"'
    return response


@require_safe
@for_holders(links.PAGE)
def receipt(request: HttpRequest, booking: Booking) -> HttpResponse:
    """What was paid and given back, as a PDF."""
    pdf = receipts.pdf(booking, Business.current().zone)
    if pdf is None:
        return message(
            request, _("There is no receipt"), _("Nothing was paid yet."), status=404, booking=booking
        )
    return HttpResponse(pdf, content_type="application/pdf", headers=receipts.download(booking))


@require_http_methods(["GET", "HEAD", "POST"])
@for_holders(links.PAGE)
def cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    """What cancelling gives back, and then do it: only for the amount that was shown."""
    now = timezone.now()
    if request.method != "POST":
        return _quote(request, cancellation.quote(booking, now=now))
    try:
        _cancel(booking, request.POST.get("expected_refund", ""), now)
    except cancellation.RefundChanged as changed:
        text = _("The refund has changed. Nothing was cancelled: look at the new amount first.")
        return _quote(request, changed.quote, changed=text, status=409)
    except DomainError as error:
        return message(request, _("It wasn't cancelled"), error.detail, status=error.status, booking=booking)
    return redirect(links.local(booking, done="cancelled"))


def _cancel(booking: Booking, expected: str, now: datetime) -> None:
    shown = (
        int(expected) if expected.isascii() and expected.isdigit() and len(expected) <= LONGEST_NUMBER else -1
    )
    cancellation.cancel_booking(
        Booking.objects.filter(pk=booking.pk), by=by_holder(booking), now=now, expected_refund=shown
    )


def _quote(
    request: HttpRequest, quote: cancellation.Quote, *, changed: str = "", status: int = 200
) -> HttpResponse:
    booking, business = quote.booking, Business.current()
    if not quote.cancellable:
        text = _("It is cancelled already, or the appointment has begun.")
        return message(request, _("It can't be cancelled any more"), text, status=409, booking=booking)
    money = in_words(quote.decision.amount, booking.currency)
    gives = _("Cancel and get %(money)s back") % {"money": money}
    context = {
        "service": booking.service_name,
        "when": when(booking, business.zone),
        "explanation": words.of_quote(quote),
        "amount": quote.decision.amount,
        "button": gives if quote.decision.amount else _("Cancel; nothing is given back"),
        "changed": changed,
        "links": showing.links_of(booking),
    }
    return show(request, "cancel", context, business=business, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_holders(links.PAGE, links.REMINDERS)
def remind(request: HttpRequest, booking: Booking) -> HttpResponse:
    """No more reminders, or reminders again. A mail program's own button posts here, too (RFC 8058)."""
    if request.method != "POST":
        context = {"address": request.get_full_path()}
        return show(request, "no_reminders", context, business=Business.current())
    if request.POST.get("wanted") == "yes":
        reminders.accept(booking.customer_id)
    else:
        reminders.decline(booking.customer_id, now=timezone.now())
    if links.is_key(request.GET.get("k", ""), booking, now=timezone.now()):
        return redirect(links.local(booking, done="reminders"))
    title, text = _("No more reminders"), _("You get no reminders from us any more.")
    return message(request, title, text)

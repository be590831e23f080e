"""What the page of a booking shows: the appointment, what can be done with it, where the money is."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import links
from bookings.models import Booking, BookingStatus, Business, NoReminders
from core.money import in_words
from refunds import answers, status
from refunds.status import Standing
from refunds.wording.appointment import details

STATES = {
    BookingStatus.PENDING_PAYMENT: gettext_noop("Waiting for payment"),
    BookingStatus.CONFIRMED: gettext_noop("Confirmed"),
    BookingStatus.CANCELLED: gettext_noop("Cancelled"),
    BookingStatus.EXPIRED: gettext_noop("Not paid in time"),
    BookingStatus.COMPLETED: gettext_noop("Over"),
    BookingStatus.NO_SHOW: gettext_noop("Missed"),
}
DONE = {
    "cancelled": gettext_noop("Your booking is cancelled."),
    "moved": gettext_noop("Your appointment is moved. A mail with the new time is on its way."),
    "reminders": gettext_noop("Your choice about reminders is saved."),
}
PATHS = {"move": "move/", "cancel": "cancel/", "reminders": "reminders/", "calendar": "calendar.ics"}


def links_of(booking: Booking) -> dict[str, str]:
    """The addresses of this booking's pages, with its key."""
    addresses = {name: links.local(booking, path) for name, path in PATHS.items()}
    return addresses | {"page": links.local(booking), "receipt": links.local(booking, "receipt.pdf")}


def page(booking: Booking, business: Business, *, done: str, now: datetime) -> dict[str, Any]:
    """All that templates/booking/page.html needs."""
    stands = booking.status == BookingStatus.CONFIRMED and booking.starts_at > now
    waits = booking.status == BookingStatus.PENDING_PAYMENT and booking.starts_at > now
    return {
        "service": booking.service_name,
        "state": _(STATES[BookingStatus(booking.status)]),
        "done": _(DONE[done]) if done in DONE else "",
        "details": details(booking, business),
        "links": links_of(booking),
        "can_move": stands and now <= booking.refundable_until,
        "can_cancel": stands or waits,
        "has_calendar_file": stands,
        "can_be_reminded": stands,
        "reminders_declined": NoReminders.objects.filter(customer=booking.customer_id).exists(),
        **_money(status.standing(booking.customer_id, booking.reference)),
    }


def _money(found: Standing | None) -> dict[str, Any]:
    if found is None or not (found.paid or found.records or found.is_processing):
        return {"money": "", "has_receipt": False}
    currency = found.booking.currency
    sums = [(_("Paid"), found.paid), (_("Refunded"), found.refunded), (_("On its way"), found.in_progress)]
    word, text = answers.told(found)
    return {
        "money": text if word != "none" or not found.paid else _("You have paid."),
        "sums": [(name, in_words(amount, currency)) for name, amount in sums if amount],
        "has_receipt": found.paid > 0,
    }

"""An appointment in the customer's words: what, when, with whom, where, for how much, on what terms."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.models import Booking, BookingStatus, Business, Resource
from core.language import day, day_and_time, exactly, time_of_day
from core.money import in_words

WITHOUT_TERMS = (BookingStatus.CANCELLED, BookingStatus.EXPIRED)


def details(booking: Booking, business: Business) -> list[tuple[str, str]]:
    """Names and values, in the order in which people ask for them."""
    rows = [
        (_("What"), f"{booking.service_name}, {exactly(booking.ends_at - booking.starts_at)}"),
        (_("When"), when(booking, business.zone)),
    ]
    if booking.resource is not None and booking.resource.kind == Resource.Kind.PERSON:
        rows.append((_("With"), booking.resource.name))
    if where := "\n".join(filter(None, (business.name, business.address.strip()))):
        rows.append((_("Where"), where))
    rows.append((_("Price"), in_words(booking.amount, booking.currency)))
    if booking.status not in WITHOUT_TERMS:
        rows.append((_("Terms"), terms(booking.refundable_until, business.zone)))
    return [*rows, (_("Booking"), booking.reference)]


def when(booking: Booking, zone: ZoneInfo) -> str:
    """From when to when, as the business's clocks show it."""
    first, last = (moment.astimezone(zone) for moment in (booking.starts_at, booking.ends_at))
    if first.date() != last.date() or f"{first:%Z}" != f"{last:%Z}":
        ends = day_and_time(booking.ends_at, zone)
        return _("%(starts)s to %(ends)s") % {"starts": day_and_time(booking.starts_at, zone), "ends": ends}
    starts = f"{day(first.date())}, {time_of_day(booking.starts_at, zone).partition(' ')[0]}"
    return _("%(starts)s to %(ends)s") % {"starts": starts, "ends": time_of_day(booking.ends_at, zone)}


def terms(refundable_until: datetime, zone: ZoneInfo) -> str:
    """Until when cancelling gives everything back."""
    text = _("Cancel by %(until)s and you get everything back. Later, nothing is given back.")
    return text % {"until": day_and_time(refundable_until, zone)}


def signature(business: Business) -> list[str]:
    """Who writes: lines for the foot of a mail or page."""
    address = ", ".join(line.strip() for line in business.address.splitlines() if line.strip())
    contact = (business.phone, business.email, business.website)
    return [line for line in (business.name, address, " · ".join(filter(None, contact))) if line]

"""Whose money it is and for which appointment: in words, for lists, pages and confirmations."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from backoffice.toolkit.show import linked, page_url
from backoffice.toolkit.unfold import display
from bookings.models import Booking

# What a list of rows that belong to a booking has to read with them.
WITH_BOOKING = ("booking", "booking__customer")


def called(person: AbstractBaseUser | None) -> str:
    """A person by their name or, where it isn't known, by their address or user name."""
    if person is None:
        return "-"
    names = (getattr(person, "name", ""), getattr(person, "email", ""), person.get_username())
    return next((name for name in names if name), "-")


def appointment(booking: Booking) -> str:
    """What was sold and when it is, as the clock on the wall has it."""
    starts_at = date_format(timezone.localtime(booking.starts_at), "j M Y, H:i")
    return f"{booking.service_name}, {starts_at}"


def appointment_link(booking: Booking | None) -> SafeString | str:
    """The appointment as a link to its page, with the reference that people read to each other."""
    if booking is None:
        return "-"
    link = linked(page_url(booking), appointment(booking))
    return format_html('{}<br><span class="text-xs">{}</span>', link, booking.reference)


def name_of_sale(booking: Booking) -> str:
    return f"{called(booking.customer)}, {appointment(booking)}"


class OfBooking:
    """For an admin of rows that belong to a booking: columns that say whose, and which appointment."""

    @display(description=gettext_lazy("Customer"))
    def customer(self, row: Any) -> str:
        return called(row.booking.customer) if row.booking else "-"

    @display(description=gettext_lazy("Appointment"))
    def of_booking(self, row: Any) -> SafeString | str:
        return appointment_link(row.booking)

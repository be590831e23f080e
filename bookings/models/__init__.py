from bookings.models.bookings import (
    REFERENCE,
    REFERENCE_ALPHABET,
    Booking,
    BookingStatus,
    PayAt,
    new_reference,
)
from bookings.models.business import Business
from bookings.models.calendar import CalendarException, Hours, Occupation, Resource
from bookings.models.consent import NoReminders
from bookings.models.services import Service, currency_code
from bookings.models.trail import AuditEntry, Message

__all__ = [
    "REFERENCE",
    "REFERENCE_ALPHABET",
    "AuditEntry",
    "Booking",
    "BookingStatus",
    "Business",
    "CalendarException",
    "Hours",
    "Message",
    "NoReminders",
    "Occupation",
    "PayAt",
    "Resource",
    "Service",
    "currency_code",
    "new_reference",
]

"""Signed addresses of a booking's page: whoever has one needs no sign-in, for this one booking."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, Signer

from bookings.models import Booking

PAGE, REMINDERS = "page", "reminders"
GOOD_AFTER_ITS_END = timedelta(days=30)
# Ours have 43 characters; what is much longer isn't worth the work.
LONGEST_KEY = 100


def page(booking: Booking, path: str = "", **query: str) -> str:
    """The address of a booking's page, or of something below it."""
    return f"{settings.SITE_URL}{local(booking, path, **query)}"


def local(booking: Booking, path: str = "", **query: str) -> str:
    """The same without the host, for links from one page to the next."""
    return f"/b/{booking.reference}/{path}?{urlencode({'k': key(booking.reference)} | query)}"


def decline(booking: Booking) -> str:
    """The address that ends reminders and can do nothing else."""
    return f"{settings.SITE_URL}/b/{booking.reference}/reminders/?k={key(booking.reference, REMINDERS)}"


def key(reference: str, purpose: str = PAGE) -> str:
    return _signer(purpose).signature(reference)


def is_key(given: str, booking: Booking, *, now: datetime, purpose: str = PAGE) -> bool:
    """Whether this key opens the booking's page; it does until 30 days after the appointment's end."""
    if len(given) > LONGEST_KEY or now > booking.ends_at + GOOD_AFTER_ITS_END:
        return False
    try:
        _signer(purpose).unsign(f"{booking.reference}:{given}")
    except BadSignature:
        return False
    return True


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"booking {purpose}")

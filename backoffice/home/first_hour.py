"""What a new business sets up first; each line is ticked by the system itself."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from bookings.models import Booking, Business, Hours, Resource, Service
from core.language import Words

# From so many bookings on nobody needs to be told how to begin.
BEGUN = 20
NO_MAIL = ("console", "locmem", "dummy")


@dataclass(frozen=True)
class Line:
    """Something to set up, whether it is done, and where that is."""

    words: Words
    done: bool
    url: str


STEPS: tuple[tuple[Words, Callable[[], bool], str], ...] = (
    (
        gettext_lazy("Say who you are: name, address, time zone"),
        lambda: Business.current().name != "",
        "bookings_business",
    ),
    (gettext_lazy("Set your opening hours"), Hours.objects.exists, "bookings_hours"),
    (
        gettext_lazy("Add the people and rooms that appointments need"),
        Resource.objects.exists,
        "bookings_resource",
    ),
    (
        gettext_lazy("Add what you sell"),
        lambda: Service.objects.filter(is_active=True).exists(),
        "bookings_service",
    ),
    (gettext_lazy("Connect Stripe: the keys in .env"), lambda: is_stripe_set(), ""),
    (gettext_lazy("Let mail go out: EMAIL_URL in .env"), lambda: is_mail_set(), ""),
    (gettext_lazy("Book the first appointment in the agenda"), Booking.objects.exists, "agenda"),
)


def is_stripe_set() -> bool:
    """A key of Stripe's own, and no stand-in."""
    return bool(settings.STRIPE_SECRET_KEY) and not settings.STRIPE_API_BASE


def is_mail_set() -> bool:
    """Mail leaves this machine."""
    return not any(name in settings.EMAIL_BACKEND for name in NO_MAIL)


def lines() -> list[Line]:
    """The list while something of it is to be done and the business has only begun; else nothing."""
    if Booking.objects.order_by()[BEGUN:].exists():
        return []
    found = [Line(words, done(), _address(where)) for words, done, where in STEPS]
    return [] if all(line.done for line in found) else found


def _address(where: str) -> str:
    try:
        return reverse(where if where == "agenda" else f"admin:{where}_changelist") if where else ""
    except NoReverseMatch:
        return ""

"""All that staff see, in parts: Django looks for a module of this name and finds them all here."""

from backoffice import events, payments, people, reconciliation, statement
from backoffice.bookings import closures, trail
from backoffice.bookings import list as bookings
from backoffice.books import lines as balance_lines
from backoffice.books import months, payouts
from backoffice.calendar import exceptions, hours, resources, services
from backoffice.disputes import list as disputes
from backoffice.disputes import warnings
from backoffice.home import troubles
from backoffice.refunds import list as refunds

__all__ = (
    "balance_lines",
    "bookings",
    "closures",
    "disputes",
    "events",
    "exceptions",
    "hours",
    "months",
    "payments",
    "payouts",
    "people",
    "reconciliation",
    "refunds",
    "resources",
    "services",
    "statement",
    "trail",
    "troubles",
    "warnings",
)

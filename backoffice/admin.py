"""All that staff see, in parts: Django looks for a module of this name and finds them all here."""

from backoffice import (
    bookings,
    closures,
    events,
    payments,
    people,
    reconciliation,
    refunds,
    services,
    statement,
    troubles,
)
from backoffice.disputes import list as disputes
from backoffice.disputes import warnings

__all__ = (
    "bookings",
    "closures",
    "disputes",
    "events",
    "payments",
    "people",
    "reconciliation",
    "refunds",
    "services",
    "statement",
    "troubles",
    "warnings",
)

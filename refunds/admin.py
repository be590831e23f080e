"""The desk, in parts: Django looks for a module of this name and finds them all here."""

from refunds import (
    admin_bookings,
    admin_books,
    admin_closures,
    admin_payments,
    admin_refunds,
    dispute_admin,
    dispute_admin_warnings,
)

__all__ = (
    "admin_bookings",
    "admin_books",
    "admin_closures",
    "admin_payments",
    "admin_refunds",
    "dispute_admin",
    "dispute_admin_warnings",
)

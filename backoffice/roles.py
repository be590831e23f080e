"""What staff may do, as groups that a manager gives people. Superusers may do everything."""

from django.contrib.auth.models import Group, Permission

from accounts.models import Customer
from bookings.models import AuditEntry, Booking, Business, CalendarException, Hours, Resource, Service
from core.models import PutOff
from payments.models import (
    BalanceLine,
    ClosedMonth,
    Payment,
    PaymentTransaction,
    Payout,
    WebhookEvent,
)
from refunds.models import Closure, Dispute, EarlyFraudWarning, Finding, ReconciliationRun, RefundRecord

SEEN = (
    Customer,
    Service,
    Resource,
    Hours,
    CalendarException,
    Business,
    Booking,
    AuditEntry,
    Payment,
    PaymentTransaction,
    BalanceLine,
    Payout,
    ClosedMonth,
    WebhookEvent,
    RefundRecord,
    Dispute,
    EarlyFraudWarning,
    Closure,
    Finding,
    ReconciliationRun,
    PutOff,
)
VIEWER = frozenset(f"{model._meta.app_label}.view_{model._meta.model_name}" for model in SEEN)
DAILY = frozenset(
    f"refunds.{codename}"
    for model in (RefundRecord, Closure)
    for codename, _ in model._meta.permissions
    if codename != "approve_refund"
)
DISPUTES = frozenset(
    f"refunds.{codename}" for model in (Dispute, EarlyFraudWarning) for codename, _ in model._meta.permissions
)
# Books, moves and cancels for customers, and notes who came.
DESK = frozenset({"bookings.add_booking", "bookings.change_booking"})
MANAGERS = frozenset(
    {
        "refunds.approve_refund",
        "refunds.accept_finding",
        "refunds.reconcile",
        "payments.replay_event",
        "payments.close_month",
        "bookings.add_service",
        "bookings.change_service",
        "bookings.add_resource",
        "bookings.change_resource",
        "bookings.change_hours",
        "bookings.add_calendarexception",
        "bookings.change_calendarexception",
        "bookings.delete_calendarexception",
        "bookings.change_business",
    }
)

CUSTOMERS = frozenset(
    f"accounts.{name}" for name in ("view_customer", "add_customer", "change_customer", "note_customer")
)
RECEPTION = (
    CUSTOMERS
    | DESK
    | frozenset(
        {
            "bookings.view_service",
            "bookings.view_booking",
            "bookings.view_auditentry",
            "payments.view_payment",
            "refunds.view_refundrecord",
            "refunds.view_closure",
            "refunds.cancel_for_business",
        }
    )
)
PEOPLE = frozenset({"accounts.erase_customer", "accounts.view_staff", "accounts.manage_staff"})
OWN_DIARY = frozenset({"accounts.own_diary"})
MANAGER = VIEWER | DAILY | DISPUTES | MANAGERS | RECEPTION | PEOPLE | OWN_DIARY

ROLES = {
    "viewer": VIEWER,
    "refunds": VIEWER | DAILY | DESK,
    "disputes": VIEWER | DISPUTES,
    "own diary": OWN_DIARY,
    "reception": RECEPTION,
    "manager": MANAGER,
    "owner": MANAGER | frozenset({"accounts.view_staffchange"}),
}
# Who may do one of these signs in with a second factor where SECOND_FACTOR_REQUIRED asks for it.
TRUSTED = DAILY | DISPUTES | MANAGERS | PEOPLE


def ensure_roles() -> list[str]:
    """Make the groups that are missing and give each its permissions; returns the names of all.

    Permissions that somebody added to a group stay.
    """
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(wanted))
    return list(ROLES)


def _permissions(names: frozenset[str]) -> list[Permission]:
    apps, codenames = zip(*(name.split(".") for name in names), strict=True)
    found = Permission.objects.filter(content_type__app_label__in=set(apps), codename__in=codenames)
    return list(found.select_related("content_type"))


def roles_with(permission: str) -> list[str]:
    """The groups that have this permission (`refunds.retry_refund`) as they are made here."""
    return [name for name, held in ROLES.items() if permission in held]

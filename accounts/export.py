"""Everything that is known of a customer, for themselves, in plain JSON."""

from typing import Any

from django.db.models import QuerySet
from knox.models import AuthToken

from accounts.models import Note, User
from bookings.models import Booking, NoReminders
from payments.models import Payment, Receipt

BOOKED = (
    "reference",
    "status",
    "starts_at",
    "ends_at",
    "amount",
    "currency",
    "created_at",
    "cancelled_at",
)


def of(user: User) -> dict[str, Any]:
    """What we keep of somebody, by kind. Amounts are minor units."""
    bookings = Booking.objects.filter(customer=user).order_by("pk")
    receipts = Receipt.objects.filter(line__booking__customer=user)
    return {
        "account": {
            "username": user.username,
            "email": user.email,
            "name": user.name,
            "phone": user.phone,
            "language": user.language,
            "since": user.date_joined,
            "last_sign_in": user.last_login,
        },
        "signed_in_devices": list(AuthToken.objects.filter(user=user).values("created", "expiry")),
        "wants_no_reminders": NoReminders.objects.filter(customer=user).exists(),
        "receipts": [_receipt(receipt) for receipt in receipts.order_by("number")],
        "notes_by_staff": list(Note.objects.filter(customer=user).values("written_at", "text")),
        "bookings": [_booking(booking) for booking in _whole(bookings)],
    }


def _whole(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    kinds = ("payments__trace", "transactions", "refunds", "disputes", "messages", "audit_entries")
    return bookings.select_related("service").prefetch_related(*kinds)


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        **_picked(booking, *BOOKED),
        "service": booking.service.name,
        "payments": [
            _picked(payment, "amount", "currency", "status", "card_brand", "card_last4", "paid_at")
            | _paid_from(payment)
            for payment in booking.payments.all()
        ],
        "statement": [
            _picked(line, "kind", "amount", "currency", "occurred_at") for line in booking.transactions.all()
        ],
        "refunds": [
            _picked(record, "amount", "currency", "status", "rule", "reason", "requested_at", "settled_at")
            for record in booking.refunds.all()
        ],
        "disputes": [
            _picked(dispute, "amount", "reason", "status", "opened_at") for dispute in booking.disputes.all()
        ],
        "mails": [
            _picked(message, "kind", "sent_at")
            for message in booking.messages.all()
            if message.to == "customer"
        ],
        "history": [_picked(entry, "at", "action") for entry in booking.audit_entries.all()],
    }


def _paid_from(payment: Payment) -> dict[str, Any]:
    """What is kept against disputes; nothing once its time is over."""
    trace = getattr(payment, "trace", None)
    return {"paid_from": _picked(trace, "ip", "install_id", "account", "seen_at") if trace else None}


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {"number": str(receipt), **_picked(receipt, "issued_at", "buyer_name", "buyer_email")}


def _picked(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}

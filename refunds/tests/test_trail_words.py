from datetime import UTC, datetime
from typing import Any

import pytest

from bookings.models import AuditEntry, BookingStatus
from payments.models import PaymentStatus, TransactionKind
from refunds.models import RefundStatus
from refunds.wording.trail import SENTENCES, told, who


def entry(action: str, **detail: Any) -> AuditEntry:
    return AuditEntry(at=datetime(2026, 11, 23, tzinfo=UTC), action=action, detail=detail)


def test_every_state_of_booking_payment_and_refund_has_a_sentence() -> None:
    states = {f"booking.{state}" for state in BookingStatus if state != "pending_payment"}
    states |= {f"payment.{state}" for state in PaymentStatus}
    states |= {f"refund.{state}" for state in RefundStatus}
    states |= {f"statement.{kind}" for kind in TransactionKind}
    assert states <= set(SENTENCES)


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        (
            "booking.cancelled",
            {"rule": "in_time", "refund": 4500},
            "Cancelled (in time); £45.00 is owed back",
        ),
        ("statement.refund", {"amount": -9900, "currency": "jpy"}, "JP¥9,900 went out"),
        ("refund.queued", {"from": "failed", "to": "queued"}, "A refund is queued"),
        (
            "mail.sent",
            {"kind": "refund_sent", "to": "customer"},
            "A mail went out to the customer: refund sent",
        ),
        ("refund.unknown", {}, "Stripe gave no answer: whether it was done is looked up (…)"),
        ("dispute.some_new_state", {}, "Dispute some new state"),
    ],
)
def test_what_happened_is_told_in_plain_words(action: str, detail: dict[str, Any], words: str) -> None:
    assert told(entry(action, **detail), currency="gbp") == words


def test_people_are_named_where_staff_look_though_the_trail_has_only_numbers() -> None:
    assert who("staff:3", {3: "grace"}) == "grace"
    assert who("staff:4", {3: "grace"}) == "staff:4"
    assert [who(actor, {}) for actor in ("customer:7", "stripe", "system")] == [
        "The customer",
        "Stripe",
        "The system",
    ]

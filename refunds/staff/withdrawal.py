"""Call a refund back. Above a threshold what is owed by rule takes a second person."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings import messages
from bookings.audit import By, Story
from bookings.models import Message
from core.errors import DomainError
from refunds import account, approval, interlock
from refunds.models import RefundRecord, RefundStatus
from refunds.staff import gate as gate


def withdraw(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Call back a refund that has not gone out, or came back; the customer gets nothing by it.

    What is owed by rule above APPROVAL_THRESHOLD is only withdrawn once a second person agrees. What is owed
    all the same (goodwill withdrawn, but everything is to go back) goes out by another record.
    """
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, account.NOT_OUT, "withdrawn")
        if account.is_uncertain(fresh):
            raise DomainError("not_possible", _("It may be at Stripe already: ask Stripe first."))
        if fresh.held_for in ("dispute", "withdrawal"):
            raise DomainError(
                "held_otherwise",
                _("This refund waits for %(what)s.") % {"what": gate.waits_for(fresh)},
            )
        if fresh.rule in account.OWED_BY_RULE and approval.is_above(fresh.amount):
            asked = {"held_for": "withdrawal", "asked_by": by.actor, "approved_by_id": None}
            gate.move(story, fresh, RefundStatus.ON_HOLD, reason, **asked)
        else:
            end(story, fresh, reason)
    return fresh


def end(story: Story, record: RefundRecord, reason: str, **fields: Any) -> None:
    """Withdraw it under the lock, work out what is owed all the same, and tell the customer."""
    # What was only asked for stays known as such: the customer never hears of it.
    held_for = "approval" if account.is_only_asked(record) else ""
    gate.move(story, record, RefundStatus.WITHDRAWN, reason, held_for=held_for, **fields)
    before = account.of(record.payment)
    interlock.enforce(story, record.payment_id)
    is_less = account.of(record.payment).waiting <= before.waiting
    if is_less and not held_for and _was_promised(record):
        facts: dict[str, Any] = {
            "amount": record.amount,
            "currency": record.currency,
            "record": str(record.pk),
        }
        messages.enqueue(story, "refund_withdrawn", about=f"{record.pk}:{record.generation}", **facts)


def _was_promised(record: RefundRecord) -> bool:
    """Whether a mail to the customer spoke of it."""
    written = record.booking.messages.filter(to=Message.To.CUSTOMER, facts__record=str(record.pk))
    return record.rule in account.OWED_BY_RULE or written.exists()

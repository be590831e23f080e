"""What staff may do with refunds. Each looks again under the booking's lock and says who did it and why.

All raise DomainError in words for staff, `changed` when the record is no longer as they saw it. Free text
goes to the record, never to the audit trail, which must hold no personal data.
"""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Sum

from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core import jobs
from core.errors import DomainError
from core.money import in_words, is_chargeable
from payments import gateway
from payments.models import Payment, PaymentStatus
from refunds import attempts, interlock
from refunds.account import owed
from refunds.cancellation import open_record
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.sending import settlement

# Stripe won't do more with these by itself.
STRANDED = (RefundStatus.FAILED, RefundStatus.CANCELED, RefundStatus.NEEDS_ATTENTION)
# Certainly no money is out by these.
NOT_OUT = (RefundStatus.QUEUED, RefundStatus.ON_HOLD, RefundStatus.FAILED, RefundStatus.CANCELED)


def retry(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Send a refund again that failed, was cancelled at Stripe or was given up.

    It gets a new key; the worker asks Stripe first whether an earlier attempt went through after all.
    """
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, STRANDED, "sent again")
        interlock.refuse_if_disputed(fresh.payment)
        _refuse_without_room(fresh)
        _move(story, fresh, RefundStatus.QUEUED, reason, **attempts.afresh(fresh))
    return fresh


def put_on_hold(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Keep a queued refund from going out until somebody releases it."""
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, (RefundStatus.QUEUED,), "put on hold")
        _move(story, fresh, RefundStatus.ON_HOLD, reason, held_for="staff")
    return fresh


def release(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Let a refund go out that staff had put on hold."""
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, (RefundStatus.ON_HOLD,), "released")
        if fresh.held_for != "staff":
            raise DomainError("held_otherwise", f"This refund waits for {_waits_for(fresh)}.")
        interlock.refuse_if_disputed(fresh.payment)
        _move(story, fresh, RefundStatus.QUEUED, reason, held_for="")
    return fresh


def withdraw(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Call back a refund that has not gone out, or came back; the customer gets nothing by it."""
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, NOT_OUT, "withdrawn")
        if fresh.held_for == "dispute":
            raise DomainError("held_otherwise", "The dispute decides about this refund.")
        _move(story, fresh, RefundStatus.WITHDRAWN, reason, held_for="")
    return fresh


def ask_stripe_now(record: RefundRecord, *, by: By, now: datetime) -> str:
    """Ask Stripe how this payment's refunds stand and take that in; returns what changed, or ""."""
    intent = record.payment.stripe_payment_intent_id
    if not intent:
        raise DomainError("not_possible", "Stripe has not heard of this payment.")
    try:
        refunds = gateway.refunds_of(intent)
    except gateway.StripeFailure as error:
        detail = f"Stripe gave no answer ({error.code}). Try again in a moment."
        raise DomainError("stripe_unavailable", detail, status=503) from error
    return settlement.apply_refunds(intent, refunds, by=by, now=now)


def goodwill(
    payment: Payment, *, amount: int, by: By, now: datetime, reason: str, key: uuid.UUID
) -> RefundRecord:
    """Give back `amount` minor units of what is kept of a payment.

    `key` becomes the record's id: the same form sent twice makes one refund, two forms make two. More than
    APPROVAL_THRESHOLD in all waits for a second person.
    """
    with story_of(Booking.objects.filter(pk=payment.booking_id), by=by, now=now) as story:
        paid = story.booking.payments.get(pk=payment.pk)
        if made := RefundRecord.objects.filter(pk=key).first():
            return _same_form(made, paid, amount)
        interlock.refuse_if_disputed(paid)
        _refuse_amount(paid, amount)
        waits = needs_approval(paid, amount)
        return open_record(
            story,
            paid,
            key=key,
            amount=amount,
            rule=RefundRule.GOODWILL,
            status=RefundStatus.ON_HOLD if waits else RefundStatus.QUEUED,
            held_for="approval" if waits else "",
            decision={"kept": owed(paid).kept, "threshold": settings.APPROVAL_THRESHOLD},
            reason=_required(reason),
        )


def needs_approval(payment: Payment, amount: int) -> bool:
    """Tell whether a second person must agree; what one payment gave before counts too, so no slices."""
    if settings.APPROVAL_THRESHOLD is None:
        return False
    alive = (*RefundRecord.ON_ITS_WAY, RefundStatus.SUCCEEDED)
    given = payment.refunds.filter(rule=RefundRule.GOODWILL, approved_by=None, status__in=alive)
    before = given.aggregate(sum=Sum("amount", default=0))["sum"]
    return bool(before + amount > settings.APPROVAL_THRESHOLD)


def approve(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Agree to another person's refund; nobody agrees to their own."""
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, (RefundStatus.ON_HOLD,), "approved")
        if fresh.held_for != "approval":
            raise DomainError("held_otherwise", f"This refund waits for {_waits_for(fresh)}.")
        if fresh.requested_by == by.actor or not by.actor.startswith("staff:"):
            raise DomainError("own_refund", "Another person has to approve this refund.", status=403)
        interlock.refuse_if_disputed(fresh.payment)
        approver = int(by.actor.removeprefix("staff:"))
        _move(story, fresh, RefundStatus.QUEUED, reason, held_for="", approved_by_id=approver)
    return fresh


def paid_by_other_means(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Write down that the customer got this money another way; `reason` says how."""
    with _reopened(record, by, now) as (story, fresh):
        _refuse_unless(fresh, STRANDED, "marked as paid by other means")
        _refuse_without_room(fresh)
        _move(story, fresh, RefundStatus.PAID_OTHERWISE, _required(reason), settled_at=now)
    return fresh


@contextmanager
def _reopened(record: RefundRecord, by: By, now: datetime) -> Iterator[tuple[Story, RefundRecord]]:
    with story_of(Booking.objects.filter(pk=record.booking_id), by=by, now=now) as story:
        fresh = story.booking.refunds.select_related("payment").get(pk=record.pk)
        if (fresh.status, fresh.generation) != (record.status, record.generation):
            raise DomainError("changed", f"Meanwhile this refund is “{fresh.get_status_display()}”.")
        yield story, fresh


def _move(story: Story, record: RefundRecord, to: RefundStatus, reason: str, **fields: Any) -> None:
    if reason.strip():
        fields["reason"] = f"{record.reason}\n{story.by.actor}: {reason.strip()}".strip()
    story.move(record, to, **attempts.released(), **fields)
    if to == RefundStatus.QUEUED:
        jobs.wake()


def _refuse_unless(record: RefundRecord, allowed: Collection[str], done: str) -> None:
    if record.status not in allowed:
        state = record.get_status_display()
        raise DomainError("not_possible", f"A refund that is “{state}” can't be {done}.")


def _waits_for(record: RefundRecord) -> str:
    return {"dispute": "the dispute", "approval": "a second person", "staff": "staff"}[record.held_for]


def _refuse_without_room(record: RefundRecord) -> None:
    counted = record.amount if record.status in RefundRecord.ON_ITS_WAY else 0
    room = owed(record.payment).refundable + counted
    if room < record.amount:
        left = in_words(room, record.currency)
        raise DomainError("too_much", f"Only {left} of this payment has not been given back otherwise.")


def _refuse_amount(payment: Payment, amount: int) -> None:
    if payment.status != PaymentStatus.SUCCEEDED:
        raise DomainError("not_paid", "This payment brought no money.")
    if not is_chargeable(amount, payment.currency):
        raise DomainError("bad_amount", "Stripe can't send this amount in this currency.", status=400)
    kept = owed(payment).kept
    if amount > kept:
        left = in_words(kept, payment.currency)
        raise DomainError("too_much", f"At most {left} can be given back from this payment.")


def _same_form(made: RefundRecord, payment: Payment, amount: int) -> RefundRecord:
    if (made.payment_id, made.amount, made.rule) != (payment.pk, amount, RefundRule.GOODWILL):
        raise DomainError("form_used", "This form was already used. Open it again.")
    return made


def _required(reason: str) -> str:
    if not reason.strip():
        raise DomainError("reason_missing", "Say why.", status=400)
    return reason.strip()

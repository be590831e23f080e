"""What staff may do with refunds. Each looks again under the booking's lock and says who did it and why.

All raise DomainError in words for staff, `changed` when the record is no longer as they saw it. Free text
goes to the record, never to the audit trail, which must hold no personal data.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core.errors import DomainError
from core.money import is_chargeable
from payments import gateway
from payments.models import Payment, PaymentStatus
from refunds import account, approval, attempts, interlock
from refunds.account import STRANDED
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.opening import open_record
from refunds.sending import settlement
from refunds.staff import gate as gate
from refunds.staff import withdrawal

# The bank has had it for so long that nobody need wait for it any more.
PENDING_TOO_LONG = timedelta(days=30)


def retry(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Send again what is left of a refund that failed, was cancelled at Stripe or was given up.

    It gets a new key; the worker asks Stripe first whether an earlier attempt went through after all.
    Goodwill that is more than the threshold in all waits for a second person.
    """
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, STRANDED, _("sent again"))
        interlock.refuse_if_disputed(fresh.payment)
        _queue_again(story, fresh, reason)
    return fresh


def undo_withdrawal(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """It was withdrawn by mistake: what is left of it goes out after all."""
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, (RefundStatus.WITHDRAWN,), _("taken up again"))
        interlock.refuse_if_disputed(fresh.payment)
        _queue_again(story, fresh, reason)
    return fresh


def _queue_again(story: Story, record: RefundRecord, reason: str) -> None:
    left = gate.left_for(record)
    again = attempts.afresh(record) | {"amount": left}
    if record.rule == RefundRule.GOODWILL and approval.is_needed(record.payment, left, besides=record):
        asked = {"held_for": "approval", "asked_by": story.by.actor, "approved_by_id": None}
        gate.move(story, record, RefundStatus.ON_HOLD, reason, **again | asked)
    else:
        gate.move(story, record, RefundStatus.QUEUED, reason, **again)


def put_on_hold(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Keep a queued refund from going out until somebody releases it."""
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, (RefundStatus.QUEUED,), _("put on hold"))
        gate.move(story, fresh, RefundStatus.ON_HOLD, reason, held_for="staff")
    return fresh


def release(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Let a refund go out that staff had put on hold, or wanted to withdraw."""
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, (RefundStatus.ON_HOLD,), "released")
        if fresh.held_for not in ("staff", "withdrawal"):
            raise DomainError(
                "held_otherwise",
                _("This refund waits for %(what)s.") % {"what": gate.waits_for(fresh)},
            )
        interlock.refuse_if_disputed(fresh.payment)
        again = attempts.afresh(fresh) if fresh.stripe_refund_id else {"held_for": ""}
        gate.move(story, fresh, RefundStatus.QUEUED, reason, asked_by="", **again)
    return fresh


def ask_stripe_now(record: RefundRecord, *, by: By, now: datetime) -> str:
    """Ask Stripe how this payment's refunds stand and take that in; returns what changed, or ""."""
    intent = record.payment.stripe_payment_intent_id
    if not intent:
        raise DomainError("not_possible", _("Stripe has not heard of this payment."))
    try:
        refunds = gateway.refunds_of(intent)
    except gateway.StripeFailure as error:
        detail = _("Stripe gave no answer (%(code)s). Try again in a moment.") % {"code": error.code}
        raise DomainError("stripe_unavailable", detail, status=503) from error
    changed = settlement.apply_refunds(intent, refunds, by=by, now=now)
    return changed or _learn_that_it_never_went(record, refunds, by, now)


def _learn_that_it_never_went(
    record: RefundRecord, refunds: list[gateway.Answer], by: By, now: datetime
) -> str:
    """Given up while nobody knew what became of it: now it is certain that Stripe has none."""
    marks = {(refund.get("metadata") or {}).get("refund_record") for refund in refunds}
    with story_of(Booking.objects.filter(pk=record.booking_id), by=by, now=now) as story:
        fresh = story.booking.refunds.get(pk=record.pk)
        if not account.is_uncertain(fresh) or str(fresh.pk) in marks:
            return ""
        RefundRecord.objects.filter(pk=fresh.pk).update(first_sent_at=None)
        story.record("refund.never_sent", id=str(fresh.pk))
        interlock.enforce(story, fresh.payment_id)
    return _("it was never sent")


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
        waits = approval.is_needed(paid, amount)
        return open_record(
            story,
            paid,
            key=key,
            amount=amount,
            rule=RefundRule.GOODWILL,
            status=RefundStatus.ON_HOLD if waits else RefundStatus.QUEUED,
            held_for="approval" if waits else "",
            asked_by=by.actor if waits else "",
            decision={
                "amount": amount,
                "kept": account.of(paid).kept,
                "threshold": settings.APPROVAL_THRESHOLD,
            },
            reason=gate.required(reason),
        )


def approve(record: RefundRecord, *, by: By, now: datetime, reason: str = "") -> RefundRecord:
    """Agree to another person's refund, or to withdrawing one; nobody agrees to their own."""
    with gate.reopened(record, by, now) as (story, fresh):
        gate.refuse_unless(fresh, (RefundStatus.ON_HOLD,), "approved")
        if fresh.held_for not in ("approval", "withdrawal"):
            raise DomainError(
                "held_otherwise",
                _("This refund waits for %(what)s.") % {"what": gate.waits_for(fresh)},
            )
        agreed = {"approved_by_id": approval.approver(fresh, by)}
        if fresh.held_for == "withdrawal":
            withdrawal.end(story, fresh, reason, **agreed)
            return fresh
        interlock.refuse_if_disputed(fresh.payment)
        left = gate.left_for(fresh)
        if left < fresh.amount:
            gate.refuse_too_much(left, fresh.currency)
        gate.move(story, fresh, RefundStatus.QUEUED, reason, held_for="", **agreed)
    return fresh


def paid_by_other_means(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Write down that the customer got what was left of this money another way; `reason` says how.

    Also for what the bank has had for more than a month: should it go through after all, staff are told.
    """
    with gate.reopened(record, by, now) as (story, fresh):
        if not is_pending_too_long(fresh, now):
            gate.refuse_unless(fresh, STRANDED, _("marked as paid by other means"))
            fields = {"amount": gate.left_for(fresh)}
        else:
            fields = {}
        gate.move(story, fresh, RefundStatus.PAID_OTHERWISE, gate.required(reason), settled_at=now, **fields)
        interlock.enforce(story, fresh.payment_id)
    return fresh


def acknowledge_twice(record: RefundRecord, *, by: By, now: datetime, reason: str) -> RefundRecord:
    """Somebody has looked at what may have been paid twice; `reason` says what became of it.

    It stays marked, and is asked about no more unless it becomes more.
    """
    with gate.reopened(record, by, now) as (story, fresh):
        risk = interlock.paid_twice(fresh.payment)
        if not fresh.may_be_paid_twice or not risk:
            raise DomainError("not_possible", _("Nothing of it may have been paid twice."))
        said = f"{fresh.reason}\n{by.actor}: {gate.required(reason)}".strip()
        RefundRecord.objects.filter(pk=fresh.pk).update(twice_acknowledged=risk, reason=said)
        story.record("refund.twice_acknowledged", id=str(fresh.pk), amount=risk, currency=fresh.currency)
    return fresh


def is_pending_too_long(record: RefundRecord, now: datetime) -> bool:
    since = record.first_sent_at or record.requested_at
    return record.status == RefundStatus.PENDING and now - since > PENDING_TOO_LONG


def _refuse_amount(payment: Payment, amount: int) -> None:
    if payment.status != PaymentStatus.SUCCEEDED:
        raise DomainError("not_paid", _("This payment brought no money."))
    if not is_chargeable(amount, payment.currency):
        raise DomainError("bad_amount", _("Stripe can't send this amount in this currency."), status=400)
    kept = account.of(payment).kept
    if amount > kept:
        gate.refuse_too_much(kept, payment.currency)


def _same_form(made: RefundRecord, payment: Payment, amount: int) -> RefundRecord:
    if (made.payment_id, made.amount, made.rule) != (payment.pk, amount, RefundRule.GOODWILL):
        raise DomainError("form_used", _("This form was already used. Open it again."))
    return made

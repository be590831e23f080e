"""What Stripe says of a refund, whoever brings the news: the reply, a webhook, a look-up."""

import uuid
from datetime import UTC, datetime
from typing import Any

from bookings import mail
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from payments import gateway, statement
from payments.models import Payment, TransactionKind
from payments.sockets import Event, NotYet
from refunds.models import RefundRecord, RefundRule, RefundStatus

Refund = dict[str, Any]

# Stripe's states in the only order we let them take; what it may add counts as pending (STRIPE.md B2).
FORWARD = {"pending": 1, "requires_action": 1, "succeeded": 2, "failed": 3, "canceled": 3}
OURS = {"requires_action": RefundStatus.PENDING} | {
    status: RefundStatus(status) for status in ("pending", "succeeded", "failed", "canceled")
}


def apply_event(event: Event, _: Any, now: datetime) -> str:
    """Apply a refund.* event from what it carries; each of them alone is enough."""
    refund = event.object
    return apply_refunds(
        str(refund.get("payment_intent") or ""), [refund], by=event.by, now=now, at=event.created
    )


def ask_refunds(event: Event) -> list[Refund]:
    """charge.refunded carries a charge, and since 2022-11-15 a charge doesn't carry its refunds."""
    intent = event.object.get("payment_intent")
    return gateway.refunds_of(str(intent)) if intent else []


def apply_charge_event(event: Event, refunds: list[Refund], now: datetime) -> str:
    intent = str(event.object.get("payment_intent") or "")
    return apply_refunds(intent, refunds, by=event.by, now=now, at=event.created)


def apply_refunds(
    intent: str, refunds: list[Refund], *, by: By, now: datetime, at: datetime | None = None
) -> str:
    """Bring our records to where these refunds of one PaymentIntent are.

    `at` is when they got there (UTC); without it, when they were created.

    Returns what changed, or "". Raises NotYet if nobody here knows the PaymentIntent (yet).
    """
    payments = Payment.objects.filter(stripe_payment_intent_id=intent)
    try:
        bookings = Booking.objects.filter(pk__in=payments.values("booking_id"))
        with story_of(bookings, by=by, now=now) as story:
            records = list(story.booking.refunds.select_related("payment"))
            done = [_apply(story, records, intent, refund, at or created(refund)) for refund in refunds]
    except Booking.DoesNotExist:
        raise NotYet(f"no payment for {intent or 'this refund'}") from None
    return ", ".join(filter(None, done))


def _apply(story: Story, records: list[RefundRecord], intent: str, refund: Refund, at: datetime) -> str:
    record = match(records, refund)
    if record is not None:
        return settle(story, record, refund, at=at)
    if has_ended(refund):
        return ""  # an earlier attempt of ours, or a stranger's: nothing moved in the end
    payment = Payment.objects.get(stripe_payment_intent_id=intent)
    record = _stranger(story, payment, refund)
    records.append(record)
    return settle(story, record, refund, at=at)


def match(records: list[RefundRecord], refund: Refund) -> RefundRecord | None:
    """Find the record of a refund: by Stripe's id, or by our mark if the reply never came.

    Any status counts, but a failed one with the mark of an earlier generation is an attempt that ended.
    """
    for record in records:
        if record.stripe_refund_id == refund["id"]:
            return record
    mark = refund.get("metadata") or {}
    for record in records:
        ours = mark.get("refund_record") == str(record.pk) and record.stripe_refund_id is None
        if ours and (mark.get("generation") == str(record.generation) or not has_ended(refund)):
            return record
    return None


def has_ended(refund: Refund) -> bool:
    return refund["status"] in ("failed", "canceled")


def _stranger(story: Story, payment: Payment, refund: Refund) -> RefundRecord:
    """Write down a refund that was made at Stripe and not here; it cancels no booking."""
    record = RefundRecord(
        id=uuid.uuid4(),
        booking=story.booking,
        payment=payment,
        amount=refund["amount"],
        currency=refund["currency"],
        status=RefundStatus.SENDING,
        rule=RefundRule.DASHBOARD,
        requested_by="stripe",
        requested_at=created(refund),
        stripe_refund_id=refund["id"],
    )
    record.save(force_insert=True)
    story.record("refund.found", id=str(record.pk), refund=refund["id"], amount=record.amount)
    return record


def settle(story: Story, record: RefundRecord, refund: Refund, *, at: datetime) -> str:
    """Move a record to what Stripe says, write the statement, tell people. Twice is once.

    Old news (a state behind ours) changes nothing. Returns what changed, or "".
    """
    to = OURS.get(refund["status"], RefundStatus.PENDING)
    if FORWARD.get(to, 1) <= FORWARD.get(record.status, 0):
        return ""
    was_out = record.status == RefundStatus.SUCCEEDED
    story.move(
        record,
        to,
        why={"refund": refund["id"]},
        stripe_refund_id=refund["id"],
        failure_reason=str(refund.get("failure_reason") or "")[:64],
        settled_at=None if to == RefundStatus.PENDING else at,
        last_error="",
        next_attempt_at=None,
        lease_token=None,
        lease_until=None,
    )
    if to == RefundStatus.SUCCEEDED:
        _line(story, record, TransactionKind.REFUND, -refund["amount"], at)
        mail.enqueue(story, "refund_sent", about=record.stripe_refund_id or "", **_facts(record))
    elif to != RefundStatus.PENDING:
        if was_out:
            _line(story, record, TransactionKind.REFUND_RETURNED, refund["amount"], at)
        _tell_of_failure(story, record)
    return f"refund {to}"


def _line(story: Story, record: RefundRecord, kind: TransactionKind, amount: int, at: datetime) -> None:
    statement.write(
        story,
        record.payment,
        kind,
        amount=amount,
        currency=record.currency,
        stripe_id=record.stripe_refund_id or "",
        at=at,
    )


def _tell_of_failure(story: Story, record: RefundRecord) -> None:
    about = record.stripe_refund_id or ""
    facts = _facts(record) | {"why": record.failure_reason}
    mail.enqueue(story, "refund_failed", about=about, **facts)
    mail.alert_staff(story, "refund_failed", about=about, **facts)


def _facts(record: RefundRecord) -> dict[str, Any]:
    return {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}


def created(refund: Refund) -> datetime:
    return datetime.fromtimestamp(refund["created"], UTC)

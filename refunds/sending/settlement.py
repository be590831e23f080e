"""What Stripe says of a refund, whoever brings the news: the reply, a webhook, a look-up."""

from collections import Counter
from datetime import datetime
from typing import Any

from bookings import messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from core.storage import rows
from core.storage.rows import Where
from payments import capture, gateway, ours
from payments.books import statement
from payments.events.event_handlers import Event, NotYet, Stranger
from payments.models import Payment, TransactionKind
from refunds import interlock
from refunds.models import RefundRecord, RefundStatus
from refunds.sending import matching
from refunds.sending.matching import Refund

# Stripe's states in the only order we let them take; what it may add counts as pending (STRIPE.md B2).
FORWARD = {"pending": 1, "requires_action": 1, "succeeded": 2, "failed": 3, "canceled": 3}
OURS = {"requires_action": RefundStatus.PENDING} | {
    status: RefundStatus(status) for status in ("pending", "succeeded", "failed", "canceled")
}
# Nothing is to go out by these any more, so that one that ended is no news.
CLOSED = (
    RefundStatus.PAID_OTHERWISE,
    RefundStatus.SETTLED_BY_DISPUTE,
    RefundStatus.WITHDRAWN,
    RefundStatus.SUPERSEDED,
)
# Read along with the records: a statement less for each webhook, as disputes are rare.
IS_DISPUTED = {
    "is_disputed": "EXISTS (SELECT 1 FROM refunds_dispute"
    " WHERE refunds_dispute.booking_id = refunds_refundrecord.booking_id)"
}
# A refund waits for the business or the customer, not for the bank.
STUCK = ("insufficient_funds", "requires_action")


def apply_event(event: Event, _: Any, now: datetime) -> str:
    """Apply a refund.* event from what it carries; each of them alone is enough."""
    refund = event.object
    intent = gateway.id_of(refund.get("payment_intent"))
    return apply_refunds(intent, [refund], by=event.by, now=now, at=event.created)


def ask_refunds(event: Event) -> list[Refund]:
    """charge.refunded carries a charge, and since 2022-11-15 a charge doesn't carry its refunds."""
    intent = gateway.id_of(event.object.get("payment_intent"))
    if not Payment.objects.filter(stripe_payment_intent_id=intent).exists():
        raise Stranger(f"no payment for {intent or 'this charge'}")
    return gateway.refunds_of(intent)


def apply_charge_event(event: Event, refunds: list[Refund], now: datetime) -> str:
    return apply_refunds(gateway.id_of(event.object.get("payment_intent")), refunds, by=event.by, now=now)


def apply_refunds(
    intent: str, refunds: list[Refund], *, by: By, now: datetime, at: datetime | None = None
) -> str:
    """Bring our records to where these refunds of one PaymentIntent are.

    They are as Stripe has them now, or as they were `at` an event's time (UTC).

    Returns what changed, or "". Raises NotYet if nobody here knows the PaymentIntent (yet).
    """
    try:
        with story_of(capture.booking_of(intent), by=by, now=now) as story:
            mine = Where("booking_id = %s", (story.booking.pk,))
            records = rows.read(RefundRecord, mine, more=IS_DISPUTED)
            is_alone = len(records) == 1 and _goes_as_planned(records[0], refunds)
            done = [_apply(story, records, intent, refund, at) for refund in refunds]
            if any(done) and not (is_alone and len(records) == 1):
                for payment_id in {record.payment_id for record in records}:
                    interlock.enforce(story, payment_id)
    except Booking.DoesNotExist:
        is_ours = any(ours.is_marked(refund, ours.REFUND) for refund in refunds)
        raise (NotYet if is_ours else Stranger)(f"no payment for {intent or 'this refund'}") from None
    counted = Counter(filter(None, done))
    return ", ".join(what if many == 1 else f"{what} ({many})" for what, many in counted.items())


def _goes_as_planned(record: RefundRecord, refunds: list[Refund]) -> bool:
    """Whether only this record's own money moves, as its account has it: most do, and need no adding up."""
    is_open = record.status in (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.PENDING)
    as_planned = all(
        refund["amount"] == record.amount and not matching.has_ended(refund) for refund in refunds
    )
    return is_open and as_planned and not vars(record)["is_disputed"]


def _apply(
    story: Story, records: list[RefundRecord], intent: str, refund: Refund, at: datetime | None
) -> str:
    if matching.is_old_news(records, refund, is_present=at is None):
        return ""
    record = matching.match(records, refund)
    if (record is None or record.status in CLOSED) and matching.is_over(story.booking.pk, refund):
        return ""
    if record is None:
        payment = Payment.objects.get(stripe_payment_intent_id=intent)
        record = matching.write_down_stranger(story, payment, refund)
        records.append(record)
    return settle(story, record, refund, at=at or _since(refund, story.now))


def _since(refund: Refund, now: datetime) -> datetime:
    """When it got to its state: most refunds succeed at once, and when one failed isn't told."""
    return now if matching.has_ended(refund) else matching.created(refund)


def settle(story: Story, record: RefundRecord, refund: Refund, *, at: datetime) -> str:
    """Move a record to what Stripe says, write the statement, tell people. Twice is once.

    Old news (a state behind ours) changes nothing. Returns what changed, or "".
    """
    to = OURS.get(refund["status"], RefundStatus.PENDING)
    if to == record.status:
        return _note(story, record, _said(refund))
    is_told_late = matching.has_ended(refund) and record.status in CLOSED
    if is_told_late or FORWARD[to] <= FORWARD.get(record.status, 0):
        return ""
    before = record.status
    story.move(
        record,
        to,
        why={"refund": refund["id"]},
        stripe_refund_id=refund["id"],
        amount=refund["amount"],
        settled_at=None if to == RefundStatus.PENDING else at,
        next_attempt_at=None,
        lease_token=None,
        lease_until=None,
        **_said(refund),
        **_given_before(record),
    )
    _tell(story, record, before, at)
    return f"refund {to}"


def _given_before(record: RefundRecord) -> dict[str, int]:
    """The customer has had it by other means; what Stripe sends now comes on top."""
    return {"paid_otherwise": record.amount} if record.status == RefundStatus.PAID_OTHERWISE else {}


def _said(refund: Refund) -> dict[str, str]:
    """What Stripe adds to a state: why it failed, what it waits for, and how the bank finds it."""
    card = (refund.get("destination_details") or {}).get("card") or {}
    waits_for = refund["status"] if refund["status"] in STUCK else refund.get("pending_reason")
    return {
        "failure_reason": str(refund.get("failure_reason") or "")[:64],
        "bank_reference": str(card.get("reference") or "")[:64],
        "last_error": str(waits_for) if waits_for in STUCK else "",
    }


def _note(story: Story, record: RefundRecord, said: dict[str, str]) -> str:
    """The same state with more to it, such as the bank's reference some days later."""
    news = {name: value for name, value in said.items() if value and value != getattr(record, name)}
    if not news:
        return ""
    RefundRecord.objects.filter(pk=record.pk).update(**news)
    for name, value in news.items():
        setattr(record, name, value)
    story.record("refund.noted", id=str(record.pk), **news)
    _tell_if_stuck(story, record)
    return "refund noted"


def _tell(story: Story, record: RefundRecord, before: str, at: datetime) -> None:
    """Write the statement and tell people, by where the record was before."""
    if record.status == RefundStatus.PENDING:
        _tell_if_stuck(story, record)
    elif record.status == RefundStatus.SUCCEEDED:
        _line(story, record, TransactionKind.REFUND, -record.amount, at)
        messages.enqueue(story, "refund_sent", about=_about(record), **_facts(record))
    else:
        if before == RefundStatus.SUCCEEDED:
            _line(story, record, TransactionKind.REFUND_RETURNED, record.amount, at)
        facts = _facts(record) | {"why": record.failure_reason}
        if record.failure_reason != interlock.OVERTAKEN:  # the customer has asked their bank instead
            messages.enqueue(story, "refund_failed", about=_about(record), **facts)
        messages.alert_staff(story, "refund_failed", about=_about(record), **facts)


def _tell_if_stuck(story: Story, record: RefundRecord) -> None:
    if record.last_error in STUCK:
        facts = _facts(record) | {"why": record.last_error}
        messages.alert_staff(story, "refund_waits", about=f"{_about(record)}:{record.last_error}", **facts)


def _line(story: Story, record: RefundRecord, kind: TransactionKind, amount: int, at: datetime) -> None:
    statement.write(
        story,
        record.payment_id,
        kind,
        amount=amount,
        currency=record.currency,
        stripe_id=_about(record),
        at=at,
    )


def _about(record: RefundRecord) -> str:
    return record.stripe_refund_id or ""


def _facts(record: RefundRecord) -> dict[str, Any]:
    return {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}

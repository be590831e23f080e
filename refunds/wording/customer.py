"""What we tell customers, in one place. Never "completed" for money that Stripe only accepted."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bookings.models import Booking, BookingStatus
from core.money import in_words
from refunds import policy
from refunds.cancellation import Quote
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus

ARRIVES = "It usually appears on your statement within 5 to 10 business days."

IN_PROGRESS = (
    RefundStatus.QUEUED,
    RefundStatus.SENDING,
    RefundStatus.UNKNOWN,
    RefundStatus.PENDING,
)
TOO_LATE = "You cancelled too late for a refund under the terms of this booking."
NOTHING_LEFT = "Everything you paid had already been given back."
NOTHING_PAID = "Nothing was paid for this booking, so there is nothing to give back."
HEADLINE_WORDS = ("none", "not_due", "in_progress", "succeeded", "delayed", "failed", "disputed")
DISPUTED = (RefundStatus.ON_HOLD, RefundStatus.SETTLED_BY_DISPUTE)
# The first of these that applies is the headline.
HEADLINES = (
    ("failed", (RefundStatus.FAILED,)),
    ("delayed", (RefundStatus.NEEDS_ATTENTION, RefundStatus.CANCELED)),
    ("in_progress", IN_PROGRESS),
    ("succeeded", (RefundStatus.SUCCEEDED, RefundStatus.PAID_OTHERWISE)),
)


def of_quote(quote: Quote) -> str:
    """Why cancelling now gives back what it gives back."""
    if quote.booking.status == BookingStatus.CANCELLED:
        return "This booking is cancelled. Its refund status tells where your money is."
    return _explanation(quote.terms, quote.decision, quote.booking.currency)


def of_decision(receipt: dict[str, Any], currency: str) -> str:
    """Why a cancellation gave back what it gave back, in the words of its quote."""
    return _explanation(policy.terms_of(receipt), policy.replay(receipt), currency)


def _explanation(terms: policy.Terms, decision: policy.Decision, currency: str) -> str:
    if decision.rule == RefundRule.NOTHING_PAID:
        return NOTHING_PAID
    if not decision.amount and decision.rule != RefundRule.TOO_LATE:
        return NOTHING_LEFT
    if decision.rule == RefundRule.BUSINESS_CANCELLED:
        return f"The business cancelled, so you get {in_words(decision.amount, currency)} back."
    ahead, notice = terms.starts_at - terms.now, span(terms.refund_notice)
    if ahead <= timedelta(0):
        return "The appointment has already started, so nothing is given back."
    when = f"You are cancelling {span(ahead)} before your appointment."
    if decision.rule == RefundRule.IN_TIME:
        money = in_words(decision.amount, currency)
        return f"{when} That is at least {notice} ahead, so you get {money} back."
    return f"{when} That is too late for a refund: money is given back up to {notice} before."


def span(length: timedelta) -> str:
    """A length of time in hours or, below one, in minutes: never rounded up."""
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _count(minutes, "minute")
    return _count(hours, "hour") + (f" {_count(rest, 'minute')}" if rest else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def headline(booking: Booking, records: Sequence[RefundRecord], disputes: Sequence[Dispute]) -> str:
    """The one word for where a booking's refunds stand (API.md, Refund status)."""
    states = {record.status for record in records}
    if any(dispute.is_open for dispute in disputes) or RefundStatus.SETTLED_BY_DISPUTE in states:
        return "disputed"
    for word, members in HEADLINES:
        if states & set(members):
            return word
    if RefundStatus.ON_HOLD in states:
        return "disputed" if any(record.held_for == "dispute" for record in records) else "delayed"
    return "not_due" if booking.status == BookingStatus.CANCELLED else "none"


def of_record(record: RefundRecord) -> str:
    """Where one refund stands, for the customer."""
    money, status = in_words(record.amount, record.currency), RefundStatus(record.status)
    if status == RefundStatus.NOT_DUE:
        return TOO_LATE if record.rule == RefundRule.TOO_LATE else NOTHING_LEFT
    if status == RefundStatus.SUCCEEDED and record.settled_at:
        return f"{money} was sent back to your card on {record.settled_at:%-d %B}. {ARRIVES}"
    if status == RefundStatus.ON_HOLD and record.held_for == "dispute":
        return f"You have disputed this payment, so your bank decides about the {money}."
    return {
        RefundStatus.PENDING: f"{money} is on its way to your bank. {ARRIVES}",
        RefundStatus.FAILED: f"Your bank returned the {money} to us. We will contact you.",
        RefundStatus.CANCELED: f"Sending {money} back takes longer. You need do nothing.",
        RefundStatus.NEEDS_ATTENTION: f"Sending {money} back takes longer. You need do nothing.",
        RefundStatus.ON_HOLD: f"Sending {money} back takes longer. You need do nothing.",
        RefundStatus.SETTLED_BY_DISPUTE: f"Your bank has given you the {money} through the dispute.",
        RefundStatus.PAID_OTHERWISE: f"{money} was given back to you by other means.",
        RefundStatus.SUPERSEDED: "This was already refunded in another way.",
        RefundStatus.WITHDRAWN: "This refund was withdrawn.",
    }.get(status, f"We are sending {money} back to your card.")


def of_headline(word: str, records: Sequence[RefundRecord]) -> str:
    """The headline in a sentence or two."""
    if word == "none":
        return "No refund was asked for."
    if word == "disputed":
        held = [record for record in records if record.status in DISPUTED]
        return of_record(held[0]) if held else "You have disputed this payment; your bank decides."
    if word == "not_due" and not records:
        return NOTHING_PAID
    members = dict(HEADLINES).get(word, tuple(RefundStatus))
    told = [record for record in records if record.status in members] or list(records)
    return " ".join(of_record(record) for record in told)

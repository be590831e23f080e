"""What we tell customers, in one place and in their language.

Never "completed" for money that Stripe only accepted.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bookings.models import Booking, BookingStatus
from core.language import day_of_month, exactly, span
from core.money import in_words
from refunds import policy
from refunds.cancellation import Quote
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus

ARRIVES = gettext_lazy("It usually appears on your statement within 5 to 10 business days.")

IN_PROGRESS = (
    RefundStatus.QUEUED,
    RefundStatus.SENDING,
    RefundStatus.UNKNOWN,
    RefundStatus.PENDING,
)
TOO_LATE = gettext_lazy("You cancelled too late for a refund under the terms of this booking.")
NOTHING_LEFT = gettext_lazy("Everything you paid had already been given back.")
PROCESSING = gettext_lazy("Your payment is being processed. You need do nothing.")
GOES_BACK_IF_CANCELLED = gettext_lazy(
    "Your payment is being processed. If you cancel now, all of it goes back to you once it has arrived."
)
GOES_BACK_ONCE_IT_ARRIVES = gettext_lazy(
    "Your payment is being processed. All of it goes back to you once it has arrived."
)
NOTHING_PAID = gettext_lazy("Nothing was paid for this booking, so there is nothing to give back.")
IN_TIME = gettext_noop(
    "You are cancelling %(ahead)s before your appointment. That is at least %(notice)s ahead, so you get "
    "%(money)s back."
)
NOT_IN_TIME = gettext_noop(
    "You are cancelling %(ahead)s before your appointment. That is too late for a refund: money is given "
    "back up to %(notice)s before."
)
MOVED_IN_TIME = gettext_noop(
    "You are cancelling %(ahead)s before your appointment, which we had moved. You are in time, so you get "
    "%(money)s back."
)
MOVED_NOT_IN_TIME = gettext_noop(
    "You are cancelling %(ahead)s before your appointment, which we had moved. That is too late for a refund."
)
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
        return _("This booking is cancelled. Its refund status tells where your money is.")
    if quote.is_processing and not quote.terms.paid:
        return str(GOES_BACK_IF_CANCELLED if quote.cancellable else PROCESSING)
    return _explanation(quote.terms, quote.decision, quote.booking.currency)


def of_decision(receipt: dict[str, Any], currency: str) -> str:
    """Why a cancellation gave back what it gave back, in the words of its quote."""
    return _explanation(policy.terms_of(receipt), policy.replay(receipt), currency)


def _explanation(terms: policy.Terms, decision: policy.Decision, currency: str) -> str:
    if decision.rule == RefundRule.NOTHING_PAID:
        return str(NOTHING_PAID)
    if not decision.amount and decision.rule != RefundRule.TOO_LATE:
        return str(NOTHING_LEFT)
    money = in_words(decision.amount, currency)
    if decision.rule == RefundRule.BUSINESS_CANCELLED:
        return _("The business cancelled, so you get %(money)s back.") % {"money": money}
    ahead = terms.starts_at - terms.now
    if ahead <= timedelta(0):
        return _("The appointment has already started, so nothing is given back.")
    facts = {"ahead": span(ahead), "notice": exactly(terms.refund_notice), "money": money}
    in_time = decision.rule == RefundRule.IN_TIME
    if terms.refundable_until != terms.starts_at - terms.refund_notice:
        # The business moved it, and gave more time than the notice leaves.
        return _(MOVED_IN_TIME if in_time else MOVED_NOT_IN_TIME) % facts
    return _(IN_TIME if in_time else NOT_IN_TIME) % facts


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


def while_processing(booking: Booking) -> tuple[str, str]:
    """The word and the sentence while the bank is still at the payment."""
    if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
        return "in_progress", str(GOES_BACK_ONCE_IT_ARRIVES)
    return "none", str(PROCESSING)


def of_record(record: RefundRecord, zone: ZoneInfo) -> str:
    """Where one refund stands, for the customer, with days as the business's zone has them."""
    status = RefundStatus(record.status)
    if status == RefundStatus.NOT_DUE:
        return str(TOO_LATE if record.rule == RefundRule.TOO_LATE else NOTHING_LEFT)
    money = in_words(record.amount, record.currency)
    if status == RefundStatus.SUCCEEDED and record.settled_at:
        day = day_of_month(record.settled_at.astimezone(zone).date())
        sent = _(SENT if _is_card(record) else SENT_TO_ACCOUNT) % {"money": money, "day": day}
        return f"{sent} {ARRIVES}"
    if status == RefundStatus.ON_HOLD and record.held_for == "dispute":
        text = _("You have disputed this payment, so your bank decides about the %(money)s.")
        return text % {"money": money}
    sending = SENDING if _is_card(record) else SENDING_TO_ACCOUNT
    told = _(STANDS.get(status, sending)) % {"money": money}
    return f"{told} {ARRIVES}" if status == RefundStatus.PENDING else told


def _is_card(record: RefundRecord) -> bool:
    return record.destination in ("", "card")


SENT = gettext_noop("%(money)s was sent back to your card on %(day)s.")
SENT_TO_ACCOUNT = gettext_noop("%(money)s was sent back to the account you paid from on %(day)s.")
SENDING_TO_ACCOUNT = gettext_noop("We are sending %(money)s back to the account you paid from.")
TAKES_LONGER = gettext_noop("Sending %(money)s back takes longer. You need do nothing.")
SENDING = gettext_noop("We are sending %(money)s back to your card.")
STANDS = {
    RefundStatus.PENDING: gettext_noop("%(money)s is on its way to your bank."),
    RefundStatus.FAILED: gettext_noop("Your bank returned the %(money)s to us. We will contact you."),
    RefundStatus.CANCELED: TAKES_LONGER,
    RefundStatus.NEEDS_ATTENTION: TAKES_LONGER,
    RefundStatus.ON_HOLD: TAKES_LONGER,
    RefundStatus.SETTLED_BY_DISPUTE: gettext_noop(
        "Your bank has given you the %(money)s through the dispute."
    ),
    RefundStatus.PAID_OTHERWISE: gettext_noop("%(money)s was given back to you by other means."),
    RefundStatus.SUPERSEDED: gettext_noop("This was already refunded in another way."),
    RefundStatus.WITHDRAWN: gettext_noop("This refund was withdrawn."),
}


def of_headline(word: str, records: Sequence[RefundRecord], zone: ZoneInfo) -> str:
    """The headline in a sentence or two."""
    if word == "none":
        return _("No refund was asked for.")
    if word == "disputed":
        held = [record for record in records if record.status in DISPUTED]
        decides = _("You have disputed this payment; your bank decides.")
        return of_record(held[0], zone) if held else decides
    if word == "not_due" and not records:
        return str(NOTHING_PAID)
    members = dict(HEADLINES).get(word, tuple(RefundStatus))
    told = [record for record in records if record.status in members] or list(records)
    return " ".join(of_record(record, zone) for record in told)

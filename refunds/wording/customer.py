"""What we tell customers, in one place and in their language.

Never "completed" for money that Stripe only accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bookings.models import Booking, BookingStatus
from core.language import day_of_month, exactly, span
from core.money import in_words
from refunds import policy
from refunds.account import Account
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
# Where something is still to come, the first of these that applies is the headline.
STILL_TO_COME = (
    ("failed", (RefundStatus.FAILED,)),
    ("delayed", (RefundStatus.NEEDS_ATTENTION, RefundStatus.CANCELED, RefundStatus.ON_HOLD)),
    ("in_progress", IN_PROGRESS),
)
TOLD_OF = dict(STILL_TO_COME) | {"succeeded": (RefundStatus.SUCCEEDED, RefundStatus.PAID_OTHERWISE)}


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


@dataclass(frozen=True)
class Money:
    """What the headline is chosen from: the accounts, and what each record has still to give."""

    booking: Booking
    records: Sequence[RefundRecord]
    disputes: Sequence[Dispute]
    accounts: Sequence[Account]
    to_come: Mapping[UUID, int]

    @property
    def charged_back(self) -> int:
        return sum(one.charged_back for one in self.accounts)

    @property
    def is_held_by_a_bank(self) -> bool:
        held = (r.held_for == "dispute" and r.status == RefundStatus.ON_HOLD for r in self.records)
        return any(dispute.is_open for dispute in self.disputes) or any(held)


def headline(money: Money) -> str:
    """The one word for where a booking's refunds stand (API.md, Refund status)."""
    if money.is_held_by_a_bank:
        return "disputed"
    states = {record.status for record in money.records if _is_to_come(record, money)}
    for word, members in STILL_TO_COME:
        if states & set(members):
            return word
    if money.charged_back:
        return "disputed"
    if any(one.given for one in money.accounts):
        return "succeeded"
    return "not_due" if money.booking.status == BookingStatus.CANCELLED else "none"


def _is_to_come(record: RefundRecord, money: Money) -> bool:
    # Nobody owed what Stripe's dashboard gave; that it came back is told all the same.
    came_back = record.rule == RefundRule.DASHBOARD and record.status == RefundStatus.FAILED
    return record.pk in money.to_come or came_back


def while_processing(booking: Booking) -> tuple[str, str]:
    """The word and the sentence while the bank is still at the payment."""
    if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
        return "in_progress", str(GOES_BACK_ONCE_IT_ARRIVES)
    return "none", str(PROCESSING)


def of_record(record: RefundRecord, zone: ZoneInfo, *, to_come: int | None = None) -> str:
    """Where one refund stands, for the customer, with days as the business's zone has them.

    `to_come` is what it has still to give (minor units), which may be less than it was once.
    """
    status = RefundStatus(record.status)
    if status == RefundStatus.NOT_DUE:
        return str(TOO_LATE if record.rule == RefundRule.TOO_LATE else NOTHING_LEFT)
    money = in_words(record.amount if to_come is None else to_come, record.currency)
    if status == RefundStatus.FAILED and to_come is not None and to_come < record.amount:
        sent = in_words(record.amount, record.currency)
        return _(PARTLY_RETURNED) % {"money": sent, "left": money}
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
PARTLY_RETURNED = gettext_noop(
    "Your bank returned the %(money)s to us. You got a part of it in another way, and %(left)s is still to "
    "come. We will contact you."
)
BY_THE_BANK = gettext_noop("Your bank has given you the %(money)s through the dispute.")
STANDS = {
    RefundStatus.PENDING: gettext_noop("%(money)s is on its way to your bank."),
    RefundStatus.FAILED: gettext_noop("Your bank returned the %(money)s to us. We will contact you."),
    RefundStatus.CANCELED: TAKES_LONGER,
    RefundStatus.NEEDS_ATTENTION: TAKES_LONGER,
    RefundStatus.ON_HOLD: TAKES_LONGER,
    RefundStatus.SETTLED_BY_DISPUTE: BY_THE_BANK,
    RefundStatus.PAID_OTHERWISE: gettext_noop("%(money)s was given back to you by other means."),
    RefundStatus.SUPERSEDED: gettext_noop("This was already refunded in another way."),
    RefundStatus.WITHDRAWN: gettext_noop("This refund was withdrawn."),
}


def of_headline(word: str, money: Money, zone: ZoneInfo) -> str:
    """The headline in a sentence or two."""
    if word == "none":
        return _("No refund was asked for.")
    if word == "disputed":
        return _of_dispute(money, zone)
    if word == "not_due" and not money.records:
        return str(NOTHING_PAID)
    members = TOLD_OF.get(word, tuple(RefundStatus))
    told = [record for record in money.records if record.status in members] or list(money.records)
    return " ".join(of_record(record, zone, to_come=money.to_come.get(record.pk)) for record in told)


def _of_dispute(money: Money, zone: ZoneInfo) -> str:
    held = [record for record in money.records if record.status in DISPUTED]
    if held:
        return of_record(held[0], zone, to_come=money.to_come.get(held[0].pk))
    if not money.is_held_by_a_bank and money.charged_back:
        return _(BY_THE_BANK) % {"money": in_words(money.charged_back, money.booking.currency)}
    return _("You have disputed this payment; your bank decides.")

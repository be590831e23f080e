"""The evidence pack: what a booking's own record says, in the fields that Stripe passes on to the bank.

build() is pure: it needs nothing but the facts.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bookings.models import BookingStatus
from core.language import exactly, span
from core.money import in_words
from refunds.dispute_response.facts import Facts
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.policy import refundable_until

# Stripe's limits, in characters.
LONGEST = 20_000
LONGEST_TOGETHER = 150_000
CUT = " […]"

# Those of Stripe's text fields that an appointment has something to say in, in the order of the form.
TEXTS = {
    "customer_name": "Customer's name",
    "customer_email_address": "Customer's e-mail address",
    "billing_address": "Billing address",
    "customer_purchase_ip": "IP address of the purchase",
    "product_description": "What was sold",
    "service_date": "Date of the service",
    "cancellation_policy_disclosure": "Cancellation terms, and how they were agreed",
    "cancellation_rebuttal": "Why the cancellation doesn't matter",
    "refund_policy_disclosure": "Refund terms, and how they were agreed",
    "refund_refusal_explanation": "Why no refund is due, or how it was made",
    "access_activity_log": "What happened, step by step",
    "duplicate_charge_id": "The other charge",
    "duplicate_charge_explanation": "Why the charges aren't duplicates",
    "uncategorized_text": "Anything else",
}
FILES = {
    "service_documentation": "The timeline, or other proof of the service",
    "customer_communication": "Letters to and from the customer",
    "receipt": "Receipt",
    "customer_signature": "The customer's signature",
    "cancellation_policy": "Cancellation terms",
    "refund_policy": "Refund terms",
    "duplicate_charge_documentation": "Proof of the other charge",
    "uncategorized_file": "Anything else",
}


def build(facts: Facts) -> dict[str, str]:
    """Write down what speaks for the business, by Stripe's field; what isn't known is left out."""
    texts = {field: write(facts) for field, write in WRITERS.items()}
    return fitted({field: text for field, text in texts.items() if text})


def fitted(texts: Mapping[str, str]) -> dict[str, str]:
    """Cut texts to Stripe's limits, the longest first."""
    fitting = {field: _cut(text, LONGEST) for field, text in texts.items()}
    while (excess := sum(map(len, fitting.values())) - LONGEST_TOGETHER) > 0:
        longest = max(fitting, key=lambda field: len(fitting[field]))
        fitting[longest] = _cut(fitting[longest], len(fitting[longest]) - excess)
    return fitting


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(length - len(CUT), 0)] + CUT


def too_long(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts that people wrote, by field; "" is for all of them together."""
    wrong = {
        field: f"At most {LONGEST:,} characters; these are {len(text):,}."
        for field, text in texts.items()
        if len(text) > LONGEST
    }
    together = sum(map(len, texts.values()))
    if together > LONGEST_TOGETHER:
        wrong[""] = f"At most {LONGEST_TOGETHER:,} characters together; these are {together:,}."
    return wrong


def _product(facts: Facts) -> str:
    booking = facts.booking
    length = exactly(booking.ends_at - booking.starts_at)
    return (
        f"{facts.service}: an appointment of {length} on {_when(facts, booking.starts_at)}, booked online by "
        f"the customer as {booking.reference} and paid for with {in_words(booking.amount, booking.currency)}."
    )


def _date(facts: Facts) -> str:
    return f"{facts.booking.starts_at.astimezone(facts.zone):%-d %B %Y}"


def _terms(facts: Facts) -> str:
    until = refundable_until(facts.booking.starts_at, facts.notice)
    return (
        f"The customer agreed to these terms when booking on {_when(facts, facts.booking.created_at)}: "
        f"cancelling at least {exactly(facts.notice)} before the appointment gives everything back; later, "
        f"nothing is given back. For this booking everything was given back until {_when(facts, until)}. The "
        "app shows that time with the booking, and what a cancellation gives back before it is confirmed."
    )


def _rebuttal(facts: Facts) -> str:
    booking, record = facts.booking, facts.decision
    if booking.status in (BookingStatus.CONFIRMED, BookingStatus.COMPLETED):
        return "The booking was never cancelled; until it began the customer could do so in the app."
    if booking.cancelled_at is None:
        return ""
    ahead = span(booking.starts_at - booking.cancelled_at)
    text = f"{facts.cancelled_by} cancelled on {_when(facts, booking.cancelled_at)}, {ahead} before it began."
    if record is not None and record.rule == RefundRule.TOO_LATE:
        text += f" The agreed terms ask for {exactly(facts.notice)}, so nothing was due."
    if facts.shown_refund is not None:
        shown = in_words(facts.shown_refund, booking.currency)
        text += f" Before confirming, the customer was shown that {shown} would be given back, and agreed."
    return text


def _refund(facts: Facts) -> str:
    made = [_made(facts, r) for r in facts.refunds if r.status == RefundStatus.SUCCEEDED and r.settled_at]
    if made:
        return " ".join(made)
    record = facts.decision
    if record is None:
        return ""
    if record.rule == RefundRule.TOO_LATE:
        return f"No refund is due under the terms that the customer agreed to. {_rebuttal(facts)}"
    if record.status == RefundStatus.ON_HOLD:
        money = in_words(record.amount, record.currency)
        return (
            f"A refund of {money} was decided on {_when(facts, record.requested_at)}. It waits only because "
            "of this dispute: sent now, the customer would be paid twice."
        )
    return ""


def _made(facts: Facts, record: RefundRecord) -> str:
    money = in_words(record.amount, record.currency)
    trace = f", bank reference {record.bank_reference}" if record.bank_reference else ""
    when = _when(facts, record.settled_at or record.requested_at)
    return f"{money} was refunded to the original card on {when} ({record.stripe_refund_id}{trace})."


def _log(facts: Facts) -> str:
    return "\n".join(f"{_when(facts, step.at)}  {step.who}: {step.what}" for step in facts.trail)


def _more(facts: Facts) -> str:
    parts = []
    if facts.messages:
        sent = [f"{_when(facts, at)}: {kind.replace('_', ' ')}" for at, kind in facts.messages]
        parts.append("E-mails sent to the customer:\n" + "\n".join(sent))
    if facts.visits:
        visits = [
            f"{_when(facts, v.starts_at)}: {v.service} ({v.reference}), {v.status}" for v in facts.visits
        ]
        parts.append("Other bookings of the same customer:\n" + "\n".join(visits))
    return "\n\n".join(parts)


def _other_charge(facts: Facts) -> str:
    charges = [visit.charge for visit in facts.visits if visit.charge]
    return charges[0] if facts.reason == "duplicate" and charges else ""


def _not_duplicate(facts: Facts) -> str:
    if not _other_charge(facts):
        return ""
    other = next(visit for visit in facts.visits if visit.charge)
    return (
        f"Each charge pays for an appointment of its own: this one for {facts.booking.reference} on "
        f"{_when(facts, facts.booking.starts_at)}, the other for {other.reference} on "
        f"{_when(facts, other.starts_at)}."
    )


def _when(facts: Facts, moment: datetime) -> str:
    return f"{moment.astimezone(facts.zone):%-d %B %Y, %H:%M %Z}"


WRITERS: dict[str, Callable[[Facts], str]] = {
    "customer_name": lambda facts: facts.customer_name,
    "customer_email_address": lambda facts: facts.customer_email,
    "product_description": _product,
    "service_date": _date,
    "cancellation_policy_disclosure": _terms,
    "cancellation_rebuttal": _rebuttal,
    "refund_policy_disclosure": _terms,
    "refund_refusal_explanation": _refund,
    "access_activity_log": _log,
    "duplicate_charge_id": _other_charge,
    "duplicate_charge_explanation": _not_duplicate,
    "uncategorized_text": _more,
}

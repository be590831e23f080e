"""Disputes in plain words, for staff: what the customer says, what helps, and how long is left."""

from dataclasses import dataclass
from datetime import datetime

from refunds.models import Dispute


@dataclass(frozen=True)
class Reason:
    """What the customer tells their bank, and what answers it."""

    means: str
    helps: str


REASONS = {
    "bank_cannot_process": Reason(
        "The bank could not process the payment.", "Proof that the customer booked and paid themselves."
    ),
    "check_returned": Reason(
        "A cheque was returned.", "Nothing that a booking knows; ask the customer to pay."
    ),
    "credit_not_processed": Reason(
        "They cancelled and say they never got the refund they were promised.",
        "The refund with its date and bank reference; or the terms they agreed to and when they cancelled.",
    ),
    "customer_initiated": Reason(
        "They asked their bank for the money back.", "What was booked, the terms, and what happened."
    ),
    "debit_not_authorized": Reason(
        "They say they never allowed this payment.",
        "That they booked in the app, mails sent to them, and earlier visits.",
    ),
    "duplicate": Reason(
        "They say they were charged twice for one thing.",
        "That each charge pays for an appointment of its own.",
    ),
    "fraudulent": Reason(
        "They say somebody else used their card.",
        "That it was them: mails, earlier visits on the same account, proof that they came.",
    ),
    "general": Reason(
        "The bank gives no particular reason.", "What was booked, the terms, and what happened."
    ),
    "incorrect_account_details": Reason(
        "The account details were wrong.", "Proof that the customer booked and paid themselves."
    ),
    "insufficient_funds": Reason(
        "There was not enough money in the account.", "Little; ask the customer to pay another way."
    ),
    "noncompliant": Reason(
        "The card network says that a rule of theirs was broken.", "What Stripe writes about this dispute."
    ),
    "product_not_received": Reason(
        "They say the appointment never took place.",
        "That it took place: when, who was there, photographs or a signature; or that they didn't come.",
    ),
    "product_unacceptable": Reason(
        "They say the service was not what they had booked.",
        "What was agreed, what was done, and what they wrote to you afterwards.",
    ),
    "subscription_canceled": Reason(
        "They say they had cancelled and were charged all the same.",
        "The terms they agreed to, and when they cancelled or that they didn't.",
    ),
    "unrecognized": Reason(
        "They don't recognise the payment on their statement.",
        "Name, date and place of the appointment, and mails sent to them. Often a phone call settles it.",
    ),
}
UNKNOWN = Reason(
    "Stripe gives a reason that is new to us.", "What Stripe's dashboard says about this dispute."
)

STATES = {
    "warning_needs_response": "The bank is asking: no money was taken yet",
    "warning_under_review": "The bank looks at your answer: no money was taken yet",
    "warning_closed": "The bank asks no more",
    "needs_response": "Waits for your evidence",
    "under_review": "The bank looks at your evidence",
    "appeal_needs_response": "Appeal: waits for your evidence",
    "appeal_under_review": "Appeal: the bank looks at your evidence",
    "won": "Won: the money is yours",
    "lost": "Lost: the customer has the money",
    "prevented": "Prevented: settled before it became a chargeback",
}


def reason(dispute: Dispute) -> Reason:
    return REASONS.get(dispute.reason, UNKNOWN)


def state(dispute: Dispute) -> str:
    """Stripe's status in words; an unknown one as it is."""
    return STATES.get(dispute.status, dispute.status.replace("_", " ").capitalize())


def time_left(deadline: datetime | None, now: datetime) -> str:
    """How long there is until a deadline, never rounded up."""
    if deadline is None:
        return ""
    if deadline <= now:
        return "over"
    left = deadline - now
    hours, minutes = divmod(left.seconds // 60, 60)
    parts = [(left.days, "day"), (hours, "hour"), (minutes, "minute")]
    told = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in parts if n]
    return f"{' '.join(told[:2])} left" if told else "less than a minute left"

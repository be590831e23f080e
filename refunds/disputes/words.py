"""Disputes in plain words, for staff: what the customer says, what helps, and how long is left."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.language import Words
from refunds.models import Dispute


@dataclass(frozen=True)
class Reason:
    """What the customer tells their bank, and what answers it."""

    means: Words
    helps: Words


REASONS = {
    "bank_cannot_process": Reason(
        gettext_lazy("The bank could not process the payment."),
        gettext_lazy("Proof that the customer booked and paid themselves."),
    ),
    "check_returned": Reason(
        gettext_lazy("A cheque was returned."),
        gettext_lazy("Nothing that a booking knows; ask the customer to pay."),
    ),
    "credit_not_processed": Reason(
        gettext_lazy("They cancelled and say they never got the refund they were promised."),
        gettext_lazy(
            "The refund with its date and bank reference; or the terms they agreed to and when they "
            "cancelled."
        ),
    ),
    "customer_initiated": Reason(
        gettext_lazy("They asked their bank for the money back."),
        gettext_lazy("What was booked, the terms, and what happened."),
    ),
    "debit_not_authorized": Reason(
        gettext_lazy("They say they never allowed this payment."),
        gettext_lazy("That they booked in the app, mails sent to them, and earlier visits."),
    ),
    "duplicate": Reason(
        gettext_lazy("They say they were charged twice for one thing."),
        gettext_lazy("That each charge pays for an appointment of its own."),
    ),
    "fraudulent": Reason(
        gettext_lazy("They say somebody else used their card."),
        gettext_lazy("That it was them: mails, earlier visits on the same account, proof that they came."),
    ),
    "general": Reason(
        gettext_lazy("The bank gives no particular reason."),
        gettext_lazy("What was booked, the terms, and what happened."),
    ),
    "incorrect_account_details": Reason(
        gettext_lazy("The account details were wrong."),
        gettext_lazy("Proof that the customer booked and paid themselves."),
    ),
    "insufficient_funds": Reason(
        gettext_lazy("There was not enough money in the account."),
        gettext_lazy("Little; ask the customer to pay another way."),
    ),
    "noncompliant": Reason(
        gettext_lazy("The card network says that a rule of theirs was broken."),
        gettext_lazy("What Stripe writes about this dispute."),
    ),
    "product_not_received": Reason(
        gettext_lazy("They say the appointment never took place."),
        gettext_lazy(
            "That it took place: when, who was there, photographs or a signature; or that they didn't come."
        ),
    ),
    "product_unacceptable": Reason(
        gettext_lazy("They say the service was not what they had booked."),
        gettext_lazy("What was agreed, what was done, and what they wrote to you afterwards."),
    ),
    "subscription_canceled": Reason(
        gettext_lazy("They say they had cancelled and were charged all the same."),
        gettext_lazy("The terms they agreed to, and when they cancelled or that they didn't."),
    ),
    "unrecognized": Reason(
        gettext_lazy("They don't recognise the payment on their statement."),
        gettext_lazy(
            "Name, date and place of the appointment, and mails sent to them. Often a phone call settles it."
        ),
    ),
}
UNKNOWN = Reason(
    gettext_lazy("Stripe gives a reason that is new to us."),
    gettext_lazy("What Stripe's dashboard says about this dispute."),
)

STATES = {
    "warning_needs_response": gettext_lazy("The bank is asking: no money was taken yet"),
    "warning_under_review": gettext_lazy("The bank looks at your answer: no money was taken yet"),
    "warning_closed": gettext_lazy("The bank asks no more"),
    "needs_response": gettext_lazy("Waits for your evidence"),
    "under_review": gettext_lazy("The bank looks at your evidence"),
    "appeal_needs_response": gettext_lazy("Appeal: waits for your evidence"),
    "appeal_under_review": gettext_lazy("Appeal: the bank looks at your evidence"),
    "won": gettext_lazy("Won: the money is yours"),
    "lost": gettext_lazy("Lost: the customer has the money"),
    "prevented": gettext_lazy("Prevented: settled before it became a chargeback"),
}


def reason(dispute: Dispute) -> Reason:
    return REASONS.get(dispute.reason, UNKNOWN)


def state(dispute: Dispute) -> str:
    """Stripe's status in words; an unknown one as it is."""
    return str(STATES.get(dispute.status, dispute.status.replace("_", " ").capitalize()))


def time_left(deadline: datetime | None, now: datetime) -> str:
    """How long there is until a deadline, never rounded up."""
    if deadline is None:
        return ""
    if deadline <= now:
        return "over"
    left = deadline - now
    hours, minutes = divmod(left.seconds // 60, 60)
    told = [
        ngettext("%(number)d day", "%(number)d days", left.days) % {"number": left.days},
        ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours},
        ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes},
    ]
    said = [words for words, number in zip(told, (left.days, hours, minutes), strict=True) if number]
    return _("%(time)s left") % {"time": " ".join(said[:2])} if said else _("less than a minute left")

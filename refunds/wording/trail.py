"""The audit trail in plain words, for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import AuditEntry
from core.money import in_words

WHO = {
    "stripe": gettext_lazy("Stripe"),
    "system": gettext_lazy("The system"),
    "customer": gettext_lazy("The customer"),
}
THROUGH = {
    "api": gettext_lazy("in the app"),
    "webhook": gettext_lazy("by webhook"),
    "admin": gettext_lazy("in the admin"),
    "worker": gettext_lazy("by the worker"),
    "reconcile": gettext_lazy("found by reconciliation"),
    "command": gettext_lazy("by a command"),
}
# {money} and {rule} come from the entry's detail; what has no sentence is told by its name.
SENTENCES = {
    "booking.held": gettext_lazy("Booked for {money}; the slot is held until it is paid"),
    "booking.confirmed": gettext_lazy("The appointment is confirmed"),
    "booking.cancelled": gettext_lazy("Cancelled ({rule}); {refund} is owed back"),
    "booking.made": gettext_lazy("Booked at the desk, to be paid there"),
    "booking.moved": gettext_lazy(
        "Moved from {from_when} to {to_when}; cancelled until {until_when}, all goes back"
    ),
    "booking.placed": gettext_lazy("The service needs somebody now: one was found"),
    "booking.arrived": gettext_lazy("The customer arrived"),
    "booking.not_arrived": gettext_lazy("The customer had not arrived after all"),
    "booking.no_show": gettext_lazy("The customer did not come"),
    "booking.expired": gettext_lazy("Nobody paid in time: the slot is free again"),
    "booking.completed": gettext_lazy("The appointment took place"),
    "payment.open": gettext_lazy("Opened the payment sheet for {money}"),
    "payment.processing": gettext_lazy("The bank is processing the payment"),
    "payment.succeeded": gettext_lazy("The payment went through"),
    "payment.canceled": gettext_lazy("The unpaid payment was closed"),
    "payment.declined": gettext_lazy("The card was declined ({code})"),
    "payment.found": gettext_lazy("A second payment of this booking was found at Stripe"),
    "refund.not_due": gettext_lazy("Nothing is owed back ({rule})"),
    "refund.queued": gettext_lazy("A refund{of_money} is queued{rule_after}"),
    "refund.sending": gettext_lazy("The refund goes to Stripe"),
    "refund.unknown": gettext_lazy("Stripe gave no answer: whether it was done is looked up ({code})"),
    "refund.pending": gettext_lazy("Stripe has the refund and is waiting for the bank"),
    "refund.succeeded": gettext_lazy("Stripe sent the refund to the card"),
    "refund.failed": gettext_lazy("The refund failed: the money is with us again"),
    "refund.canceled": gettext_lazy("The refund was cancelled at Stripe"),
    "refund.on_hold": gettext_lazy("The refund{of_money} is put on hold"),
    "refund.needs_attention": gettext_lazy("The refund needs a person ({code})"),
    "refund.superseded": gettext_lazy("Not needed any more: it was refunded otherwise"),
    "refund.withdrawn": gettext_lazy("The refund was withdrawn"),
    "refund.settled_by_dispute": gettext_lazy("The dispute gave the customer the money"),
    "refund.paid_otherwise": gettext_lazy("Marked as paid by other means"),
    "refund.found": gettext_lazy("A refund made at Stripe was found here ({money})"),
    "refund.never_sent": gettext_lazy("Stripe was asked: the refund was never sent"),
    "refund.trimmed": gettext_lazy("Less is left to give back: the refund is now {trimmed}"),
    "statement.payment": gettext_lazy("{money} came in"),
    "statement.refund": gettext_lazy("{money} went out"),
    "statement.refund_returned": gettext_lazy("{money} came back from the bank"),
    "statement.chargeback": gettext_lazy("{money} was taken by a chargeback"),
    "statement.chargeback_returned": gettext_lazy("{money} was returned from a chargeback"),
    "statement.dispute_fee": gettext_lazy("{money} is Stripe's fee for the dispute"),
    "dispute.opened": gettext_lazy("The customer's bank opened a dispute ({reason})"),
    "booking.noted": gettext_lazy("The note for the day was changed"),
    "mail.sent": gettext_lazy("A mail went out to the {to}: {kind}"),
    "dispute.needs_response": gettext_lazy("The dispute waits for an answer"),
    "dispute.under_review": gettext_lazy("The bank looks at the evidence"),
    "dispute.warning_closed": gettext_lazy("The bank asks no more"),
    "dispute.won": gettext_lazy("The dispute was won"),
    "dispute.lost": gettext_lazy("The dispute was lost"),
    "dispute.prevented": gettext_lazy("The dispute was prevented"),
    "dispute.settled_abroad": gettext_lazy("Stripe booked {money} of the dispute in another currency"),
    "dispute.accepting": gettext_lazy("The dispute is being accepted"),
    "dispute.accepted": gettext_lazy("The dispute was accepted: the customer keeps the money"),
    "dispute.not_accepted": gettext_lazy("Stripe did not take the acceptance of the dispute"),
    "dispute.refunded": gettext_lazy("The inquiry is answered by a refund"),
    "dispute.left": gettext_lazy("Nobody answers the dispute, and Stripe was told not to"),
    "dispute.appealing": gettext_lazy("The appeal is being filed"),
    "dispute.appealed": gettext_lazy("The appeal was filed"),
    "dispute.not_appealed": gettext_lazy("Stripe did not take the appeal"),
    "dispute.appeal_needs_response": gettext_lazy("The dispute can be appealed"),
    "dispute.appeal_under_review": gettext_lazy("The bank looks at the appeal"),
    "dispute.resolved": gettext_lazy("The dispute was closed with a note"),
    "evidence.drafted": gettext_lazy("Evidence was written down"),
    "evidence.attached": gettext_lazy("A document was attached to the evidence"),
    "evidence.staged": gettext_lazy("The evidence was staged at Stripe"),
    "evidence.handing_in": gettext_lazy("The evidence is being submitted"),
    "evidence.not_handed_in": gettext_lazy("Stripe did not take the evidence"),
    "evidence.handed_in_by_stripe": gettext_lazy("Stripe answered the dispute by itself"),
    "evidence.handed_in_elsewhere": gettext_lazy("The dispute was answered at Stripe, not here"),
    "evidence.verified": gettext_lazy("The evidence was read back: Stripe has it as it was submitted"),
    "evidence.differs": gettext_lazy("Stripe has other evidence than was submitted"),
    "refund.may_be_paid_twice": gettext_lazy("A refund and a chargeback may both have paid"),
    "refund.twice_acknowledged": gettext_lazy("Somebody looked at the {money} that may be paid twice"),
    "refund.not_paid_twice": gettext_lazy("The refund and the chargeback no longer both pay"),
    "fraud_warning.received": gettext_lazy("The card network suspects fraud"),
}


class _Facts(dict[str, str]):
    """What a sentence may name; what an entry doesn't say is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def told(entry: AuditEntry, *, currency: str) -> str:
    """What happened, in a sentence; amounts are in `currency` where the entry doesn't say."""
    sentence = SENTENCES.get(entry.action)
    if sentence is None:
        return entry.action.replace(".", " ").replace("_", " ").strip().capitalize()
    return sentence.format_map(_facts(entry.detail, currency))


def _facts(detail: Mapping[str, Any], currency: str) -> _Facts:
    currency = str(detail.get("currency") or currency)
    facts = _Facts({key: str(value).replace("_", " ") for key, value in detail.items()})
    for key, source in {"money": "amount", "refund": "refund", "trimmed": "to"}.items():
        if isinstance(detail.get(source), int):
            facts[key] = in_words(abs(detail[source]), currency)
    for key, source in {"from_when": "from", "to_when": "to", "until_when": "refundable_until"}.items():
        facts[key] = _moment(detail.get(source))
    facts["rule"] = str(detail.get("rule") or "").replace("_", " ") or _("by hand")
    facts["of_money"] = _(" of %(money)s") % {"money": facts["money"]} if "money" in facts else ""
    facts["rule_after"] = f" ({facts['rule']})" if "rule" in detail else ""
    return facts


def _moment(stored: Any) -> str:
    """A stored time as UTC tells it; "…" for what is none."""
    try:
        return f"{datetime.fromisoformat(str(stored)):%-d %B %Y, %H:%M} UTC"
    except ValueError:
        return "…"


def who(actor: str, names: Mapping[int, str]) -> str:
    """The actor in words; `names` are staff's user names by id."""
    kind, *number = actor.split(":", 1)
    if kind == "staff" and number and number[0].isdigit():
        return names.get(int(number[0]), actor)
    return str(WHO.get(kind, actor))

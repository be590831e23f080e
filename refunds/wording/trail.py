"""The audit trail in plain words, for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookings.models import AuditEntry
from core.money import in_words

WHO = {"stripe": "Stripe", "system": "The system"}
THROUGH = {
    "api": "in the app",
    "webhook": "by webhook",
    "admin": "in the admin",
    "worker": "by the worker",
    "reconcile": "found by reconciliation",
    "command": "by a command",
}
# {money} and {rule} come from the entry's detail; what has no sentence is told by its name.
SENTENCES = {
    "booking.held": "Booked for {money}; the slot is held until it is paid",
    "booking.confirmed": "Paid: the appointment is confirmed",
    "booking.cancelled": "Cancelled ({rule}); {refund} is owed back",
    "booking.made": "Booked at the desk, to be paid there",
    "booking.moved": "Moved from {from_when} to {to_when}; cancelled until {until_when}, all goes back",
    "booking.arrived": "The customer arrived",
    "booking.not_arrived": "The customer had not arrived after all",
    "booking.no_show": "The customer did not come",
    "booking.expired": "Nobody paid in time: the slot is free again",
    "booking.completed": "The appointment took place",
    "payment.open": "Opened the payment sheet for {money}",
    "payment.processing": "The bank is processing the payment",
    "payment.succeeded": "The payment went through",
    "payment.canceled": "The unpaid payment was closed",
    "payment.declined": "The card was declined ({code})",
    "payment.found": "A second payment of this booking was found at Stripe",
    "refund.not_due": "Nothing is owed back ({rule})",
    "refund.queued": "A refund{of_money} is queued{rule_after}",
    "refund.sending": "The refund goes to Stripe",
    "refund.unknown": "Stripe gave no answer: whether it was done is looked up ({code})",
    "refund.pending": "Stripe has the refund and is waiting for the bank",
    "refund.succeeded": "Stripe sent the refund to the card",
    "refund.failed": "The refund failed: the money is with us again",
    "refund.canceled": "The refund was cancelled at Stripe",
    "refund.on_hold": "The refund{of_money} is put on hold",
    "refund.needs_attention": "The refund needs a person ({code})",
    "refund.superseded": "Not needed any more: it was refunded otherwise",
    "refund.withdrawn": "The refund was withdrawn",
    "refund.settled_by_dispute": "The dispute gave the customer the money",
    "refund.paid_otherwise": "Marked as paid by other means",
    "refund.found": "A refund made at Stripe was found here ({money})",
    "refund.never_sent": "Stripe was asked: the refund was never sent",
    "refund.trimmed": "Less is left to give back: the refund is now {trimmed}",
    "statement.payment": "{money} came in",
    "statement.refund": "{money} went out",
    "statement.refund_returned": "{money} came back from the bank",
    "statement.chargeback": "{money} was taken by a chargeback",
    "statement.chargeback_returned": "{money} was returned from a chargeback",
    "statement.dispute_fee": "{money} is Stripe's fee for the dispute",
    "dispute.opened": "The customer's bank opened a dispute ({reason})",
    "booking.noted": "The note for the day was changed",
    "mail.sent": "A mail went out to the {to}: {kind}",
    "dispute.needs_response": "The dispute waits for an answer",
    "dispute.under_review": "The bank looks at the evidence",
    "dispute.warning_closed": "The bank asks no more",
    "dispute.won": "The dispute was won",
    "dispute.lost": "The dispute was lost",
    "dispute.prevented": "The dispute was prevented",
    "dispute.settled_abroad": "Stripe booked {money} of the dispute in another currency",
    "dispute.accepting": "The dispute is being accepted",
    "dispute.accepted": "The dispute was accepted: the customer keeps the money",
    "dispute.not_accepted": "Stripe did not take the acceptance of the dispute",
    "dispute.refunded": "The inquiry is answered by a refund",
    "dispute.left": "Nobody answers the dispute, and Stripe was told not to",
    "dispute.appealing": "The appeal is being filed",
    "dispute.appealed": "The appeal was filed",
    "dispute.not_appealed": "Stripe did not take the appeal",
    "dispute.appeal_needs_response": "The dispute can be appealed",
    "dispute.appeal_under_review": "The bank looks at the appeal",
    "dispute.resolved": "The dispute was closed with a note",
    "evidence.drafted": "Evidence was written down",
    "evidence.attached": "A document was attached to the evidence",
    "evidence.staged": "The evidence was staged at Stripe",
    "evidence.handing_in": "The evidence is being submitted",
    "evidence.not_handed_in": "Stripe did not take the evidence",
    "evidence.handed_in_by_stripe": "Stripe answered the dispute by itself",
    "evidence.handed_in_elsewhere": "The dispute was answered at Stripe, not here",
    "evidence.verified": "The evidence was read back: Stripe has it as it was submitted",
    "evidence.differs": "Stripe has other evidence than was submitted",
    "refund.may_be_paid_twice": "A refund and a chargeback may both have paid",
    "refund.not_paid_twice": "The refund and the chargeback no longer both pay",
    "fraud_warning.received": "The card network suspects fraud",
}


class _Facts(dict[str, str]):
    """What a sentence may name; what an entry doesn't say is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def told(entry: AuditEntry, *, currency: str) -> str:
    """What happened, in a sentence; amounts are in `currency` where the entry doesn't say."""
    sentence = SENTENCES.get(entry.action)
    if sentence is None:
        noun, _, verb = entry.action.partition(".")
        return f"{noun} {verb}".replace("_", " ").strip().capitalize()
    return sentence.format_map(_facts(entry.detail, currency))


def _facts(detail: Mapping[str, Any], currency: str) -> _Facts:
    currency = str(detail.get("currency") or currency)
    facts = _Facts({key: str(value).replace("_", " ") for key, value in detail.items()})
    for key, source in {"money": "amount", "refund": "refund", "trimmed": "to"}.items():
        if isinstance(detail.get(source), int):
            facts[key] = in_words(abs(detail[source]), currency)
    for key, source in {"from_when": "from", "to_when": "to", "until_when": "refundable_until"}.items():
        facts[key] = _moment(detail.get(source))
    facts["rule"] = str(detail.get("rule") or "").replace("_", " ") or "by hand"
    facts["of_money"] = f" of {facts['money']}" if "money" in facts else ""
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
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdigit():
        return names.get(int(number), actor)
    return WHO.get(kind, "The customer" if kind == "customer" else actor)

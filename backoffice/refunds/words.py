"""What a refund's page says first: what happened, and what to do now."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.bookings.page import staff_names
from backoffice.toolkit.sold import appointment, called
from core.language import Words
from core.money import in_words
from refunds import account
from refunds.models import RefundRecord, RefundRule, RefundStatus
from refunds.wording.trail import who

# {money} and {name} are filled in; what isn't listed needs nobody.
ADVICE = {
    "queued": gettext_lazy("{money} goes back to {name} in a moment. There is nothing to do."),
    "sending": gettext_lazy("{money} is being sent to {name}. There is nothing to do."),
    "unknown": gettext_lazy(
        "Stripe gave no clear answer when {money} was sent to {name}. The worker looks it up by "
        "itself and sends nothing twice. There is nothing to do, unless it stays like this for a "
        "day: then ask Stripe now."
    ),
    "pending": gettext_lazy(
        "Stripe has taken the {money} for {name} and waits for the bank. There is nothing to do."
    ),
    "succeeded": gettext_lazy("{money} was sent back to {name}. There is nothing to do."),
    "failed": gettext_lazy(
        "The bank of {name} returned the {money}. Ask {name} how they want it: send it again if "
        "the card works again, or pay in another way and say so here."
    ),
    "canceled": gettext_lazy(
        "The refund of {money} to {name} was cancelled at Stripe. Send it again, or pay in "
        "another way and say so here."
    ),
    "needs_attention": gettext_lazy(
        "Stripe refuses to send {money} to {name}{why}. Pay in another way and say so here, or "
        "send it again once the reason is gone."
    ),
    "not_due": gettext_lazy(
        "Nothing goes back to {name}, by the terms of the booking. There is nothing to do."
    ),
    "superseded": gettext_lazy("{name} got the money in another way already. There is nothing to do."),
    "withdrawn": gettext_lazy(
        "This refund was called back: {name} gets nothing by it. There is nothing to do."
    ),
    "settled_by_dispute": gettext_lazy(
        "The bank gave {name} the {money} through a dispute. There is nothing to do."
    ),
    "paid_otherwise": gettext_lazy("{money} was given to {name} in another way. There is nothing to do."),
}
HELD = {
    "dispute": gettext_lazy(
        "{name} asked their bank for the money, so the {money} waits for its decision. Answer "
        "the dispute; there is nothing to do here."
    ),
    "approval": gettext_lazy(
        "{asker} wants to give {money} back to {name}, more than one person may give alone. "
        "Somebody else approves it, or it is withdrawn."
    ),
    "staff": gettext_lazy("Somebody put the {money} for {name} on hold. Release it, or withdraw it."),
}
# Why money goes back, in staff's words.
WHY: dict[str, Words] = {str(value): label for value, label in RefundRule.choices}
WHY["goodwill"] = gettext_lazy("Given back by staff")
TWICE = gettext_lazy(
    " A chargeback came while it was under way: {name} may have the money twice. Look at the "
    "dispute and say so in its evidence."
)
TWICE_SEEN = gettext_lazy(
    " {name} may have the money twice. Somebody has looked at it and said why it stays: see the reason."
)
PARTLY = gettext_lazy(" {name} got a part of it in another way: {left} is left to give.")
# Where a person has to do something.
URGENT = frozenset({"failed", "canceled", "needs_attention"})


def asker(record: RefundRecord) -> str:
    """Who wanted it."""
    return who(record.requested_by, staff_names([record.requested_by]))


def advice(record: RefundRecord) -> str:
    """One or two sentences for the top of the page."""
    sentence = str(ADVICE.get(record.status, ""))
    if record.status == RefundStatus.ON_HOLD:
        sentence = str(HELD.get(record.held_for, HELD["staff"]))
    left = account.to_come(account.read(record.payment)).get(record.pk, record.amount)
    if record.status in account.STRANDED and left < record.amount:
        sentence += str(PARTLY)
    if record.may_be_paid_twice:
        sentence += str(TWICE if record.twice_acknowledged is None else TWICE_SEEN)
    return sentence.format(
        money=in_words(record.amount, record.currency),
        left=in_words(left, record.currency),
        name=called(record.booking.customer),
        asker=asker(record),
        why=f" (“{record.last_error}”)" if record.last_error else "",
    )


def is_urgent(record: RefundRecord) -> bool:
    waits = record.status == RefundStatus.ON_HOLD and record.held_for in ("approval", "staff")
    is_new = record.may_be_paid_twice and record.twice_acknowledged is None
    return record.status in URGENT or is_new or waits


def facts(record: RefundRecord) -> dict[str, Any]:
    """Whose money, how much, why and asked by whom: before anything is done with it."""
    told = {
        _("Customer"): called(record.booking.customer),
        _("Appointment"): appointment(record.booking),
        _("Amount"): in_words(record.amount, record.currency),
        _("Why"): WHY.get(record.rule, record.rule),
        _("Asked by"): asker(record),
    }
    return told | ({_("Reason"): record.reason} if record.reason else {})


def name_of(record: RefundRecord) -> str:
    """What its page is called."""
    return _("%(money)s to %(name)s") % {
        "money": in_words(record.amount, record.currency),
        "name": called(record.booking.customer),
    }

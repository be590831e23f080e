"""What to know before the only shot: evidence can be submitted once, and sometimes better not."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.money import in_words
from refunds.dispute_response import compelling
from refunds.dispute_response.draft import Draft
from refunds.dispute_response.evidence import WHO_PAID
from refunds.dispute_response.facts import Facts
from refunds.dispute_response.telling import when
from refunds.models import Dispute, RefundRecord, RefundStatus

OWED = (*RefundRecord.ON_ITS_WAY, RefundStatus.FAILED, RefundStatus.CANCELED)
ABOUT_THE_VISIT = ("product_not_received", "product_unacceptable")
TIMELINE_ONLY = {"service_documentation": "timeline.pdf"}


def before_submitting(dispute: Dispute, facts: Facts, draft: Draft) -> list[str]:
    """Warnings in sentences, the gravest first; none is the best."""
    return [*_owed(facts), *_to_come(facts), *_terms(dispute, facts), *_nothing(dispute, facts, draft)]


def _owed(facts: Facts) -> Iterator[str]:
    owed = [record for record in facts.refunds if record.status in OWED]
    if owed:
        money = in_words(sum(record.amount for record in owed), facts.booking.currency)
        yield _(
            "%(money)s are owed back to the customer by your own records. Fighting for money that "
            "you owe is rarely won: accepting the dispute gives it back."
        ) % {"money": money}
    if any(record.status == RefundStatus.PAID_OTHERWISE for record in facts.refunds):
        yield _(
            "Money was given back by other means. Attach something that shows it, such as a bank statement."
        )


def _to_come(facts: Facts) -> Iterator[str]:
    if facts.is_to_come:
        yield _(
            "The appointment is still to come, on %(when)s. Talk to the customer first: the bank "
            "can't judge what hasn't happened. Afterwards you may have proof."
        ) % {"when": when(facts, facts.booking.starts_at)}


def _terms(dispute: Dispute, facts: Facts) -> Iterator[str]:
    if not facts.agreed and dispute.reason not in WHO_PAID:
        yield _(
            "The customer did not book this themselves, so nothing shows that they agreed to the "
            "terms. Attach what they wrote or signed."
        )


def _nothing(dispute: Dispute, facts: Facts, draft: Draft) -> Iterator[str]:
    documents = any(TIMELINE_ONLY.get(field) != name for field, name in draft.names.items())
    if documents or facts.came or draft.compelling:
        return
    if dispute.reason in WHO_PAID:
        yield from _unknown_hand(dispute, facts)
    elif dispute.reason in ABOUT_THE_VISIT and not facts.booking.cancelled_at:
        yield _(
            "Nothing here shows that the customer was there: nobody noted their arrival, and no "
            "document is attached. A signature, a photograph or a message speaks for you; the "
            "calendar alone rarely does."
        )


def _unknown_hand(dispute: Dispute, facts: Facts) -> Iterator[str]:
    if not facts.visits and not facts.purchase_ip:
        yield _(
            "Nothing here shows that it was the customer: no earlier visits, no address of the "
            "purchase, no document. Attach something, such as their messages."
        )
    if reason := compelling.find(dispute).why_not:
        yield _("Visa's Compelling Evidence 3.0 can't be used. %(reason)s") % {"reason": reason}

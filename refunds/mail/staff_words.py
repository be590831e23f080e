"""What staff are told: what happened, in a sentence, and where to look."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bookings.models import Message
from core.money import in_words

TITLES = {
    "orphaned_payment": gettext_lazy("Money arrived where it can't stay, and goes back"),
    "refund_failed": gettext_lazy("A bank sent a refund back: the customer still has to be paid"),
    "refund_needs_attention": gettext_lazy("A refund needs a person"),
    "refund_paid_twice": gettext_lazy("A customer may have been paid twice"),
    "refund_waits": gettext_lazy("A refund waits at Stripe"),
    "stripe_refuses_our_key": gettext_lazy("Stripe refuses our key: no refund goes out"),
    "books_differ": gettext_lazy("The books differ from Stripe's, and a person has to look"),
    "dispute_opened": gettext_lazy("A customer disputes a payment"),
    "dispute_due": gettext_lazy("Evidence for a dispute is due soon"),
    "dispute_decided": gettext_lazy("A dispute was decided"),
    "evidence_differs": gettext_lazy("Stripe has other evidence than was submitted here"),
    "evidence_submitted_by_stripe": gettext_lazy("Stripe answered a dispute by itself"),
    "evidence_submitted_elsewhere": gettext_lazy("A dispute was answered at Stripe, not here"),
    "evidence_not_submitted": gettext_lazy("Evidence did not reach Stripe: submit it again"),
    "fraud_warning": gettext_lazy("A card network warns of fraud: refunding first may avoid a chargeback"),
}
SENTENCES = {
    "orphaned_payment": gettext_lazy(
        "{booking}: {money} arrived that the booking can't take. It goes back by itself."
    ),
    "refund_failed": gettext_lazy(
        "{booking}: the bank returned the {money}. The customer has to be paid in another way."
    ),
    "refund_needs_attention": gettext_lazy(
        "{booking}: the refund of {money} can't go out by itself{because}."
    ),
    "refund_paid_twice": gettext_lazy(
        "{booking}: {money} went back, and the customer may have got it in another way too."
    ),
    "refund_waits": gettext_lazy("{booking}: the refund of {money} waits at Stripe{because}."),
    "stripe_refuses_our_key": gettext_lazy("No refund goes out until the key is mended{because}."),
    "books_differ": "{booking}: {how} ({id}).",
    "dispute_opened": gettext_lazy("{booking}: the customer disputes {money}{because}."),
    "dispute_due": gettext_lazy("{booking}: the evidence about {money} is due in {days} days."),
    "dispute_decided": gettext_lazy("{booking}: the dispute of {money} is {status}."),
    "evidence_differs": gettext_lazy(
        "{booking}: what Stripe has about the {money} isn't what was submitted here."
    ),
    "evidence_submitted_by_stripe": gettext_lazy("{booking}: Stripe answered the dispute of {money}."),
    "evidence_submitted_elsewhere": gettext_lazy(
        "{booking}: somebody answered the dispute of {money} at Stripe."
    ),
    "evidence_not_submitted": gettext_lazy(
        "{booking}: the evidence about {money} has to be submitted again."
    ),
    "fraud_warning": gettext_lazy("{booking}: the card network takes the payment of {money} for fraud."),
}


@dataclass(frozen=True)
class Happened:
    what: str
    page: str


def happened(message: Message) -> Happened:
    """The sentence of one message, and the page where staff see the rest."""
    known = {name: str(value).replace("_", " ") for name, value in message.facts.items() if value is not None}
    if message.facts.get("amount") is not None and "currency" in known:
        known["money"] = in_words(message.facts["amount"], known["currency"])
    known["booking"] = str(message.booking or "")
    known["because"] = _because(message.facts)
    sentence = str(SENTENCES.get(message.kind, "{booking} {money}"))
    return Happened(sentence.format_map(defaultdict(str, known)).strip(), _page(message))


def _because(facts: dict[str, str]) -> str:
    why = facts.get("why") or facts.get("code") or facts.get("reason") or ""
    return f" ({str(why).replace('_', ' ')})" if why else ""


def _page(message: Message) -> str:
    if message.booking_id is None:
        return f"{settings.SITE_URL}{reverse('admin:index')}"
    return f"{settings.SITE_URL}{reverse('admin:bookings_booking_change', args=[message.booking_id])}"

"""What a mail says. Each is one text in templates/mail, its subject on the first line; HTML is made of it.

Names and addresses are read here, when it is sent, and kept nowhere.
"""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from bookings.models import Booking, Message
from core import sealing
from core.language import exactly
from core.money import in_words
from payments.models import Payment
from refunds.wording.customer import ARRIVES


def to_customer(message: Message) -> EmailMultiAlternatives | None:
    """The mail of one message to a booking's customer; None for a customer without an address."""
    booking = message.booking
    if booking is None or not booking.customer.email:
        return None
    template = f"mail/customer/{message.kind}.txt"
    return _mail(template, _about(booking, message.facts), [booking.customer.email], message)


def to_person(message: Message) -> EmailMultiAlternatives | None:
    """The mail of one message about an account; None once nobody can read where it should go."""
    facts = sealing.unseal(message.sealed)
    if not facts:
        return None
    return _mail(f"mail/person/{message.kind}.txt", facts, [facts["address"]], message)


def to_staff(messages: Sequence[Message], kind: str) -> EmailMultiAlternatives | None:
    """One mail about all of these, which are of one kind; None if nobody on the staff has an address."""
    watching = get_user_model().objects.with_perm("refunds.view_refundrecord", backend=MODEL_BACKEND)
    addresses = list(watching.filter(is_staff=True).exclude(email="").values_list("email", flat=True))
    if not addresses:
        return None
    lines = [_line(message) for message in messages]
    context = {
        "kind": kind,
        "title": STAFF_TITLES.get(kind, kind.replace("_", " ").capitalize()),
        "lines": lines,
    }
    return _mail("mail/staff/digest.txt", context, addresses, messages[0])


MODEL_BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"

STAFF_TITLES = {
    "orphaned_payment": "Money arrived where it can't stay, and goes back",
    "refund_failed": "A bank sent a refund back: the customer still has to be paid",
    "refund_needs_attention": "A refund needs a person",
    "refund_paid_twice": "A customer may have been paid twice",
    "refund_waits": "A refund waits at Stripe",
    "stripe_refuses_our_key": "Stripe refuses our key: no refund goes out",
    "books_differ": "The books differ from Stripe's, and a person has to look",
    "dispute_opened": "A customer disputes a payment",
    "dispute_due": "Evidence for a dispute is due soon",
    "dispute_decided": "A dispute was decided",
    "evidence_differs": "Stripe has other evidence than was submitted here",
    "evidence_submitted_by_stripe": "Stripe answered a dispute by itself",
    "evidence_submitted_elsewhere": "A dispute was answered at Stripe, not here",
    "evidence_not_submitted": "Evidence did not reach Stripe: submit it again",
    "fraud_warning": "A card network warns of fraud: refunding first may avoid a chargeback",
}


def _mail(
    template: str, context: dict[str, Any], addresses: list[str], message: Message
) -> EmailMultiAlternatives:
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    paragraphs = text.strip().split("\n\n")
    mail = EmailMultiAlternatives(
        subject=subject.strip(),
        body=text.strip() + "\n",
        # The same name each time: should it be sent twice, a mail program shows it once.
        headers={"Message-ID": f"<message-{message.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
    )
    if len(addresses) > 1:
        mail.bcc = addresses
    else:
        mail.to = addresses
    html = render_to_string("mail/layout.html", {"subject": subject, "paragraphs": paragraphs})
    mail.attach_alternative(html, "text/html")
    return mail


def _about(booking: Booking, facts: dict[str, Any]) -> dict[str, Any]:
    zone = ZoneInfo(settings.STAFF_TIME_ZONE)
    amount = facts.get("amount", facts.get("refund"))
    paid_with = booking.payments.filter(status=Payment.Status.SUCCEEDED).first()
    return {
        **facts,
        "name": booking.customer.name,
        "booking": booking,
        "when": f"{booking.starts_at.astimezone(zone):%A %-d %B %Y, %H:%M %Z}",
        "money": None if amount is None else in_words(amount, facts["currency"]),
        "paid": in_words(booking.amount, booking.currency),
        "card": card(paid_with) if paid_with else "your card",
        "notice": exactly(booking.refund_notice),
        "arrives": ARRIVES,
    }


def card(payment: Payment) -> str:
    """The card in words, as far as we know it."""
    if not payment.card_last4:
        return "the card you paid with"
    return f"your {payment.card_brand.capitalize()} card ending in {payment.card_last4}"


def _line(message: Message) -> str:
    facts = message.facts
    what = [str(message.booking)] if message.booking else []
    if "amount" in facts and "currency" in facts:
        what.append(in_words(facts["amount"], facts["currency"]))
    what += [
        f"{name}: {value}" for name, value in facts.items() if name not in ("amount", "currency") and value
    ]
    return ", ".join(what)

"""What a mail says. Each is one text in templates/mail, its subject on the first line.

Names and addresses are read here, when it is sent, and kept nowhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from bookings import links
from bookings.calendar import reminder_times
from bookings.models import Booking, Business, Message
from core import language, sealing
from core.language import day_and_time, exactly
from core.money import in_words
from payments.models import Payment
from refunds.mail import attachments, staff_words
from refunds.mail.letter import Letter, mail_of, written
from refunds.wording.appointment import details
from refunds.wording.customer import ARRIVES

MODEL_BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


def to_customer(message: Message, *, now: datetime) -> EmailMultiAlternatives | None:
    """The mail of one message to a booking's customer; None for a customer without an address."""
    booking = message.booking
    if booking is None or not booking.customer.email:
        return None
    business = Business.current()
    with language.speaking(language_of(booking)):
        letter = _about_booking(message, booking, business, now)
        return mail_of(letter, business, [booking.customer.email], number=message.pk)


def language_of(booking: Booking) -> str:
    """What the booking's customer reads."""
    said = getattr(booking.customer, "language", "")
    return language.choose([said, booking.language, settings.CUSTOMERS_LANGUAGE])


def _about_booking(message: Message, booking: Booking, business: Business, now: datetime) -> Letter:
    context = _context(booking, message.facts, business.zone)
    subject, paragraphs = written(f"mail/customer/{message.kind}.txt", context)
    name = getattr(booking.customer, "name", "")
    hello = _("Hello %(name)s,") % {"name": name} if name else _("Hello,")
    return Letter(
        subject,
        [hello, *paragraphs],
        details(booking, business),
        (links.page(booking), _("See, move or cancel")),
        links.decline(booking) if message.kind in reminder_times.KINDS else "",
        attachments.of(message.kind, booking, business, now=now),
    )


def to_person(message: Message) -> EmailMultiAlternatives | None:
    """The mail of one message about an account; None once nobody can read where it should go."""
    facts = sealing.unseal(message.sealed)
    if not facts:
        return None
    with language.speaking(facts.get("language", "")):
        letter = Letter(*written(f"mail/person/{message.kind}.txt", facts))
        return mail_of(letter, Business.current(), [facts["address"]], number=message.pk)


def to_staff(messages: Sequence[Message], kind: str) -> EmailMultiAlternatives | None:
    """One mail about all of these, which are of one kind; None if nobody on the staff has an address."""
    watching = get_user_model().objects.with_perm("refunds.view_refundrecord", backend=MODEL_BACKEND)
    addresses = list(watching.filter(is_staff=True).exclude(email="").values_list("email", flat=True))
    if not addresses:
        return None
    with language.speaking(language.ENGLISH):
        title = str(staff_words.TITLES.get(kind, kind.replace("_", " ").capitalize()))
        context = {"title": title, "happened": [staff_words.happened(message) for message in messages]}
        letter = Letter(*written("mail/staff/digest.txt", context))
        return mail_of(letter, Business.current(), addresses, number=messages[0].pk)


def _context(booking: Booking, facts: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    amount = facts.get("amount", facts.get("refund"))
    paid_with = booking.payments.filter(status=Payment.Status.SUCCEEDED).first()
    before = facts.get("before")
    return {
        **facts,
        "booking": booking,
        "service": " ".join(booking.service_name.split()),
        "when": day_and_time(booking.starts_at, zone),
        "before": day_and_time(datetime.fromisoformat(before), zone) if before else "",
        "until": day_and_time(booking.refundable_until, zone),
        "held": day_and_time(booking.hold_expires_at, zone) if booking.hold_expires_at else "",
        "money": None if amount is None else in_words(amount, facts["currency"]),
        "card": card(paid_with) if paid_with else _("your card"),
        "notice": exactly(booking.refund_notice),
        "arrives": ARRIVES,
    }


def card(payment: Payment) -> str:
    """The card in words, as far as we know it; or the account, where no card paid."""
    if payment.method not in (None, "card"):
        return _("the account you paid from")
    if not payment.card_last4:
        return _("the card you paid with")
    facts = {"brand": payment.card_brand.capitalize(), "last4": payment.card_last4}
    return _("your %(brand)s card ending in %(last4)s") % facts

"""One mail as it goes out: the same words as plain text and as HTML, with what is attached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.mime.base import MIMEBase
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from bookings.models import Business
from core import language
from refunds.wording.appointment import signature


@dataclass(frozen=True)
class Letter:
    """What is said. `details` are names and values, `link` an address and the words on its button.

    `decline` is the address that ends mails of this kind; necessary ones have none.
    """

    subject: str
    paragraphs: Sequence[str]
    details: Sequence[tuple[str, str]] = ()
    link: tuple[str, str] = ("", "")
    decline: str = ""
    attachments: Sequence[MIMEBase] = field(default_factory=tuple)


def written(template: str, context: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Subject and paragraphs of a template; the subject is its first line."""
    subject, _, text = render_to_string(template, dict(context)).strip().partition("\n")
    paragraphs = [" ".join(line.split(" ")) for line in text.strip().split("\n\n")]
    return " ".join(subject.split()), [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


def mail_of(
    letter: Letter, business: Business, addresses: Sequence[str], *, number: int
) -> EmailMultiAlternatives:
    """The mail, in the business's name. `number` tells it from all others."""
    own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    context = {
        "subject": letter.subject,
        "paragraphs": letter.paragraphs,
        "details": letter.details,
        "link": letter.link[0],
        "link_text": letter.link[1],
        "decline": letter.decline,
        "language": language.active(),
        "seller": business,
        "signature": signature(business),
    }
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string("mail/layout.txt", context).strip() + "\n",
        from_email=formataddr((business.name, own_address)) if business.name else settings.DEFAULT_FROM_EMAIL,
        reply_to=[business.email] if business.email else None,
        # The same name each time: should it be sent twice, a mail program shows it once.
        headers={"Message-ID": f"<message-{number}@{own_address.rpartition('@')[2]}>"} | _unsubscribe(letter),
        attachments=list(letter.attachments),
    )
    if len(addresses) > 1:
        mail.bcc = list(addresses)
    else:
        mail.to = list(addresses)
    mail.attach_alternative(render_to_string("mail/layout.html", context), "text/html")
    return mail


def _unsubscribe(letter: Letter) -> dict[str, str]:
    """What mail programs make their own button of (RFC 8058)."""
    if not letter.decline:
        return {}
    return {
        "List-Unsubscribe": f"<{letter.decline}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

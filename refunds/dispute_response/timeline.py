"""The timeline as a PDF, made from the booking's audit trail: for people at a bank to read."""

from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from core import fonts
from core.fonts.legible import drawable
from core.money import in_words
from refunds.dispute_response.facts import Facts, Happening

TEXT = ParagraphStyle("text", fontName=fonts.REGULAR, fontSize=8.5, leading=11.5)
BOLD = ParagraphStyle("bold", parent=TEXT, fontName=fonts.BOLD)
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=15, leading=20)


def render(facts: Facts) -> bytes:
    """Make the PDF: what was sold, what it cost, and everything that happened, oldest first."""
    fonts.register()
    booking = facts.booking
    paper = BytesIO()
    document = SimpleDocTemplate(
        paper,
        pagesize=A4,
        title=f"Timeline of booking {booking.reference}",
        author=facts.service,
        invariant=True,  # the same facts give the same file
    )
    document.build(
        [
            Paragraph(f"Timeline of booking {escape(booking.reference)}", TITLE),
            Spacer(0, 4 * mm),
            _table([[_bold(name), _text(what)] for name, what in _about(facts).items()], (35 * mm, 125 * mm)),
            Spacer(0, 6 * mm),
            _table(_steps(facts), (42 * mm, 28 * mm, 90 * mm)),
            Spacer(0, 6 * mm),
            _text(
                "Each entry was written together with the change that it tells of, and carries a hash of the "
                f"one before it. The hash of the last one is {booking.audit_head}."
            ),
        ]
    )
    return paper.getvalue()


def _about(facts: Facts) -> dict[str, str]:
    booking, payment = facts.booking, facts.payment
    about = {
        "Business": facts.business.name,
        "Service": facts.service,
        "Appointment": _when(facts, booking.starts_at),
        "Booked": _when(facts, booking.created_at),
        "Price": in_words(booking.amount, booking.currency),
        "Payment": payment.stripe_payment_intent_id or "",
        "State": booking.get_status_display(),
    }
    if booking.cancelled_at:
        about["Cancelled"] = _when(facts, booking.cancelled_at)
    return {name: what for name, what in about.items() if what}


def _steps(facts: Facts) -> list[list[Flowable]]:
    head: list[Flowable] = [_bold("When"), _bold("Who"), _bold("What")]
    mails = [
        Happening(at, "The business", f"E-mail: {kind.replace('_', ' ')}") for at, kind in facts.messages
    ]
    steps = sorted([*facts.trail, *mails], key=lambda step: step.at)
    return [head, *(_step(facts, step) for step in steps)]


def _step(facts: Facts, step: Happening) -> list[Flowable]:
    return [_text(_when(facts, step.at)), _text(step.who), _text(step.what)]


def _table(rows: list[list[Flowable]], widths: tuple[float, ...]) -> Table:
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT", repeatRows=0)


def _text(text: str) -> Paragraph:
    return Paragraph(escape(drawable(text)), TEXT)


def _bold(text: str) -> Paragraph:
    return Paragraph(escape(drawable(text)), BOLD)


def _when(facts: Facts, moment: datetime) -> str:
    return f"{moment.astimezone(facts.zone):%-d %B %Y, %H:%M:%S %Z}"

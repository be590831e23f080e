"""A month on paper."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from bookings.models import Business
from core import fonts
from core.fonts.legible import drawable
from core.money import in_words
from core.spreadsheet import Money
from payments.books.sheets import Sheet

TEXT = ParagraphStyle("text", fontName=fonts.REGULAR, fontSize=8, leading=11)
NUMBER = ParagraphStyle("number", parent=TEXT, alignment=TA_RIGHT)
BOLD = ParagraphStyle("bold", parent=TEXT, fontName=fonts.BOLD)
BOLD_NUMBER = ParagraphStyle("bold number", parent=BOLD, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=15, leading=20)
HEADING = ParagraphStyle("heading", parent=BOLD, fontSize=11, leading=20, spaceBefore=4 * mm, keepWithNext=1)
NAMES = {"month": "The month", "by_service": "By service", "by_person": "By person", "payouts": "Payouts"}
WIDTH = 262 * mm


def render(named: date, tables: Sequence[Sheet], *, corrections: int, now: datetime) -> bytes:
    """Make the PDF; money as people read it, times in the business's zone."""
    fonts.register()
    business = Business.current()
    paper = BytesIO()
    title = f"{business}, {named:%B %Y}"
    margin = 15 * mm
    document = SimpleDocTemplate(
        paper, pagesize=landscape(A4), title=title, leftMargin=margin, rightMargin=margin, invariant=True
    )
    made = now.astimezone(business.zone)
    story: list[Flowable] = [
        Paragraph(escape(drawable(title)), TITLE),
        _text(f"Stripe's account, from every line that Stripe lists. Made on {made:%-d %B %Y, %H:%M %Z}."),
    ]
    if corrections:
        story.append(
            _text(
                f"{corrections} corrections: lines of closed months, learned of in this one (see lines.csv)."
            )
        )
    for sheet in tables:
        rows = list(sheet.rows)
        if rows:
            story += [Paragraph(NAMES[sheet.name], HEADING), _table(sheet.columns, rows), Spacer(0, 2 * mm)]
    document.build(story)
    return paper.getvalue()


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    is_number = [isinstance(value, Money) for value in rows[0]]
    head = [
        Paragraph(column.replace("_", " ").capitalize(), BOLD_NUMBER if number else BOLD)
        for column, number in zip(columns, is_number, strict=True)
    ]
    return Table(
        [head, *([_cell(value) for value in row] for row in rows)],
        colWidths=[WIDTH / len(columns)] * len(columns),
        repeatRows=1,
        hAlign="LEFT",
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ],
    )


def _cell(value: Any) -> Paragraph:
    if isinstance(value, Money):
        return Paragraph(escape(in_words(value.amount, value.currency)), NUMBER)
    return _text(f"{value:%-d %B %Y}" if isinstance(value, date) else str(value))


def _text(text: str) -> Paragraph:
    return Paragraph(escape(drawable(text)), TEXT)

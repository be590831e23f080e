"""A receipt as a PDF: made from its facts alone, in the language that is being spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from core import fonts, language
from core.fonts.legible import drawable
from core.money import in_words

TEXT = ParagraphStyle("text", fontName=fonts.REGULAR, fontSize=9.5, leading=13.5)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8, leading=11, textColor=colors.HexColor("#4b5563"))
BOLD = ParagraphStyle("bold", parent=TEXT, fontName=fonts.BOLD)
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=17, leading=22)
RIGHT = ParagraphStyle("right", parent=TEXT, alignment=TA_RIGHT)
RIGHT_BOLD = ParagraphStyle("right bold", parent=BOLD, alignment=TA_RIGHT)
LINE = colors.HexColor("#d1d5db")
WIDTHS = (128 * mm, 42 * mm)

MOVEMENTS = {
    "payment": gettext_noop("Paid"),
    "refund": gettext_noop("Refunded"),
    "refund_returned": gettext_noop("Refund returned by the bank"),
    "chargeback": gettext_noop("Taken back by your bank"),
    "chargeback_returned": gettext_noop("Returned by your bank"),
}


@dataclass(frozen=True)
class Movement:
    """Money that moved: `amount` in minor units, to the seller positive; `number` where it has its own."""

    kind: str
    at: datetime
    amount: int
    number: str = ""


@dataclass(frozen=True)
class Paper:
    """What a receipt says. `seller` and `buyer` are lines as they were then; `vat_rate` is in per cent."""

    number: str
    issued_at: datetime
    seller: Sequence[str]
    seller_vat_number: str
    buyer: Sequence[str]
    reference: str
    service: str
    starts_at: datetime
    zone: ZoneInfo
    amount: int
    currency: str
    vat_rate: Decimal | None
    movements: Sequence[Movement]


def render(paper: Paper) -> bytes:
    """Make the PDF; the same facts in the same language give the same file."""
    fonts.register()
    file = BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        title=f"{_('Receipt')} {paper.number}",
        author=paper.seller[0],
        lang=language.active(),
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        invariant=True,
    )
    document.build(
        [
            _table([[_lines(_seller(paper)), _para(_("Receipt"), TITLE)]], (110 * mm, 60 * mm), []),
            Spacer(0, 9 * mm),
            _table([[_lines(paper.buyer), _head(paper)]], (110 * mm, 60 * mm), []),
            Spacer(0, 12 * mm),
            _table(_sale(paper), WIDTHS, [("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]),
            Spacer(0, 10 * mm),
            _para(_("Payments"), BOLD),
            Spacer(0, 2 * mm),
            _table(_movements(paper), WIDTHS, [("LINEABOVE", (0, 0), (-1, -1), 0.5, LINE)]),
        ]
    )
    return file.getvalue()


def vat_within(amount: int, rate: Decimal) -> int:
    """The VAT that an amount contains (both in minor units), rounded to the nearest, half away from zero."""
    return int((amount * rate / (100 + rate)).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def _seller(paper: Paper) -> Sequence[str]:
    if not paper.seller_vat_number:
        return paper.seller
    return [*paper.seller, _("VAT number: %(number)s") % {"number": paper.seller_vat_number}]


def _head(paper: Paper) -> Sequence[Flowable]:
    issued = language.short_day(paper.issued_at.astimezone(paper.zone).date())
    return _lines(
        [
            _("Number: %(number)s") % {"number": paper.number},
            _("Date: %(date)s") % {"date": issued},
            _("Booking: %(reference)s") % {"reference": paper.reference},
        ]
    )


def _sale(paper: Paper) -> list[list[Any]]:
    when = language.day_and_time(paper.starts_at, paper.zone)
    rows: list[list[Any]] = [
        [[_para(paper.service, BOLD), _para(when, SMALL)], _money(paper.amount, paper.currency)],
        [_para(_("Total"), BOLD), _money(paper.amount, paper.currency, RIGHT_BOLD)],
    ]
    if paper.vat_rate is not None:
        vat = vat_within(paper.amount, paper.vat_rate)
        name = _("VAT in it, %(rate)s %%") % {"rate": _number(paper.vat_rate)}
        rows.append([_para(_("Net amount")), _money(paper.amount - vat, paper.currency)])
        rows.append([_para(name), _money(vat, paper.currency)])
    return rows


def _movements(paper: Paper) -> list[list[Any]]:
    rows = [_movement(paper, movement) for movement in paper.movements]
    kept = sum(movement.amount for movement in paper.movements)
    return [*rows, [_para(_("Paid in the end"), BOLD), _money(kept, paper.currency, RIGHT_BOLD)]]


def _movement(paper: Paper, movement: Movement) -> list[Any]:
    when = language.short_day(movement.at.astimezone(paper.zone).date())
    what = [_para(f"{_(MOVEMENTS[movement.kind])}, {when}")]
    if movement.number:
        what.append(_para(_("Number: %(number)s") % {"number": movement.number}, SMALL))
    return [what, _money(movement.amount, paper.currency)]


def _number(rate: Decimal) -> str:
    return str(format_decimal(rate.normalize(), locale=language.locale()))


def _money(amount: int, currency: str, style: ParagraphStyle = RIGHT) -> Paragraph:
    return _para(in_words(amount, currency), style)


def _lines(lines: Sequence[str]) -> Sequence[Flowable]:
    first, *others = [line for text in lines for line in text.splitlines() if line.strip()] or [""]
    return [_para(first, BOLD), *(_para(line) for line in others)]


def _para(text: str, style: ParagraphStyle = TEXT) -> Paragraph:
    return Paragraph(escape(drawable(text)), style)


def _table(rows: list[list[Any]], widths: tuple[float, ...], more: list[Any]) -> Table:
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        *more,
    ]
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT")

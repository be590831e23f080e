"""The fonts of our PDFs: embedded, so that a document looks the same everywhere and for ever.

DejaVu Sans (LICENSE), cut down to Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and the signs
of currencies. What it lacks becomes legible in another way (`core.fonts.legible`).
"""

from functools import lru_cache
from pathlib import Path
from typing import cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

HERE = Path(__file__).parent
REGULAR, BOLD = "Document", "Document-Bold"
FILES = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}


def register() -> None:
    """Make REGULAR and BOLD known to ReportLab; again does nothing."""
    for name, file in FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(HERE / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def has(character: str) -> bool:
    """Whether the embedded font can draw this character."""
    return ord(character) in _drawn()


@lru_cache(maxsize=1)
def _drawn() -> frozenset[int]:
    register()
    return frozenset(cast(TTFont, pdfmetrics.getFont(REGULAR)).face.charToGlyph)

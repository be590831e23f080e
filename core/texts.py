"""Texts as people type them: none breaks a line where there is one, and none reads as another."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Turn the direction of what follows, so that a name reads as another one.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> None:
    """Refuse line ends and control characters (ValidationError)."""
    if any(_is_control(letter) for letter in text):
        raise ValidationError(_("Write it on one line, without control characters."), code="invalid")


def plain_text(text: str) -> None:
    """Refuse control characters in a text of several lines (ValidationError)."""
    if any(_is_control(letter) for letter in text if letter not in "\r\n"):
        raise ValidationError(_("Write it without control characters."), code="invalid")


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in TURNING

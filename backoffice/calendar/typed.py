"""Names and currencies as people type them, refused with a reason where they can't be meant."""

import unicodedata
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import gettext as _

# Turn the direction of what follows, so that a name reads as another one.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> None:
    """Refuse line ends and control characters (ValidationError)."""
    if any(_is_control(letter) for letter in text):
        raise forms.ValidationError(_("Write it on one line, without control characters."), code="invalid")


def plain_text(text: str) -> None:
    """Refuse control characters in a text of several lines (ValidationError)."""
    if any(_is_control(letter) for letter in text if letter not in "\r\n"):
        raise forms.ValidationError(_("Write it without control characters."), code="invalid")


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in TURNING


class PlainTexts:
    """For a form: no text of it holds control characters, nor line ends where it has one line."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                is_long = isinstance(field.widget, forms.Textarea)
                field.validators.append(plain_text if is_long else one_line)


def currency(text: str) -> str:
    """A currency's code that exists, in small letters. Raises ValidationError."""
    code = text.strip().lower()
    if len(code) != 3 or code.upper() not in Locale("en").currencies:
        raise forms.ValidationError(
            _("There is no such currency. Write its code, such as gbp."), code="invalid"
        )
    return code

"""Names and currencies as people type them, refused with a reason where they can't be meant."""

import unicodedata

from babel import Locale
from django import forms
from django.utils.translation import gettext as _

# Turn the direction of what follows, so that a name reads as another one.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """A name without line ends and control characters. Raises ValidationError."""
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in TURNING for letter in text):
        raise forms.ValidationError(_("Write it on one line, without control characters."), code="invalid")
    return text


def currency(text: str) -> str:
    """A currency's code that exists, in small letters. Raises ValidationError."""
    code = text.strip().lower()
    if len(code) != 3 or code.upper() not in Locale("en").currencies:
        raise forms.ValidationError(
            _("There is no such currency. Write its code, such as gbp."), code="invalid"
        )
    return code

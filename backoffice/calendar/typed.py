"""Currencies as people type them, refused with a reason where they can't be meant."""

from babel import Locale
from django import forms
from django.utils.translation import gettext as _


def currency(text: str) -> str:
    """A currency's code that exists, in small letters. Raises ValidationError."""
    code = text.strip().lower()
    if len(code) != 3 or code.upper() not in Locale("en").currencies:
        raise forms.ValidationError(
            _("There is no such currency. Write its code, such as gbp."), code="invalid"
        )
    return code

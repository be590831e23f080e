"""Lengths of time and prices as people type them."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextInputWidget

from core import money

UNITS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}
CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?")
WHOLE = re.compile(r"\d{1,6}")
AMOUNT = re.compile(r"\d{1,8}(?:[.,]\d{1,3})?")


class LengthField(forms.Field):
    """A length of time in one unit, such as 90 minutes; 1:30 is an hour and a half in any."""

    def __init__(self, unit: str, **kwargs: Any) -> None:
        self.unit = UNITS[unit]
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)
        self.label = f"{self.label or ''} ({unit})"

    def prepare_value(self, value: Any) -> Any:
        """What is shown; what was typed stays as it was."""
        if not isinstance(value, timedelta):
            return value
        if value % self.unit == timedelta(0):
            return str(value // self.unit)
        minutes = value // timedelta(minutes=1)
        return f"{minutes // 60}:{minutes % 60:02}"

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        if WHOLE.fullmatch(text):
            return int(text) * self.unit
        if clock := CLOCK.fullmatch(text):
            return timedelta(hours=int(clock[1]), minutes=int(clock[2]))
        raise forms.ValidationError(
            _("Write a whole number, or hours and minutes like 1:30."), code="invalid"
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class PriceField(forms.Field):
    """A price in the currency's own unit, such as 45.00; `in_minor_units` needs the currency."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        if not AMOUNT.fullmatch(text):
            raise forms.ValidationError(_("Write the price like 45.00."), code="invalid")
        return Decimal(text.replace(",", "."))


def in_minor_units(price: Decimal, currency: str) -> int:
    """Minor units of a price. Raises ValidationError for more decimals than the currency has."""
    minor = price.scaleb(money.exponent(currency))
    if minor != minor.to_integral_value():
        raise forms.ValidationError(
            _("%(currency)s has fewer decimals.") % {"currency": currency.upper()}, code="invalid"
        )
    return int(minor)


def in_major_units(amount: int, currency: str) -> str:
    """A price as it is typed."""
    return f"{Decimal(amount).scaleb(-money.exponent(currency)):f}"

"""Whoever changes the calendar sees first which bookings would then be outside it."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldBooleanSwitchWidget

from backoffice.toolkit.show import page_url
from bookings.calendar import occupancy
from bookings.calendar.outside import newly_outside
from bookings.models import Booking

SHOWN = 20
STAY = gettext_lazy("They stay as they are and nobody is told: move or cancel each from its page.")


class MindsBookings(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """A form whose change is tried out first: bookings in the way are shown before it is saved."""

    go_ahead = forms.BooleanField(
        required=False,
        label=gettext_lazy("Save even if bookings are then in the way"),
        help_text=STAY,
        widget=UnfoldBooleanSwitchWidget,
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or self.cleaned_data.get("go_ahead"):
            return
        found = in_the_way(self.try_out)
        if found:
            self.add_error(None, forms.ValidationError(told(found), code="in_the_way"))

    def try_out(self) -> Model:
        """Write the change; it is taken back."""
        tried: Model = copy(self.instance)
        tried.save()
        return tried


class LocksCalendar:
    """For an admin: whoever books waits until the change is saved, and then reads it."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        with transaction.atomic():
            occupancy.lock_all()
            super().save_model(request, obj, form, change)  # type: ignore[misc]


def told(found: Sequence[Booking]) -> SafeString:
    """That these bookings are in the way, and what happens to them."""
    count = ngettext("%(number)d booking is", "%(number)d bookings are", len(found)) % {"number": len(found)}
    return format_html(_("{} then in the way: {}{}. {}"), count, listed(found), _more(found), STAY)


def listed(found: Sequence[Booking]) -> SafeString:
    """The first of these bookings, each with the way to its page."""
    return format_html_join(
        ", ",
        '<a class="text-link underline" href="{}">{} {} {}</a>',
        (
            (
                page_url(booking),
                f"{timezone.localtime(booking.starts_at):%-d %b %Y, %H:%M}",
                booking.service_name,
                booking.reference,
            )
            for booking in found[:SHOWN]
        ),
    )


def _more(found: Sequence[Booking]) -> str:
    return _(" and %(number)s more") % {"number": len(found) - SHOWN} if len(found) > SHOWN else ""


def in_the_way(change: Callable[[], object]) -> list[Booking]:
    """What a change would leave outside the calendar."""
    return newly_outside(change, timezone.now())

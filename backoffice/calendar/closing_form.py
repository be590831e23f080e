"""Which time is closed, as staff choose it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
)

from bookings.calendar.closing import Closing
from bookings.models import Resource

MOST_DAYS = timedelta(days=366)


class DayForm(forms.Form):
    """Which time is closed: a day or more, or some hours of each, for everybody or for one."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=UnfoldAdminSingleDateWidget(attrs={"type": "date"})
    )
    last_day = forms.DateField(
        required=False,
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Empty: that day only."),
        widget=UnfoldAdminSingleDateWidget(attrs={"type": "date"}),
    )
    opens = forms.TimeField(
        required=False,
        label=gettext_lazy("Closed from"),
        help_text=gettext_lazy("Empty: all day."),
        widget=UnfoldAdminSingleTimeWidget(attrs={"type": "time"}),
    )
    closes = forms.TimeField(
        required=False,
        label=gettext_lazy("Closed until"),
        help_text=gettext_lazy("Earlier than “from”: after midnight."),
        widget=UnfoldAdminSingleTimeWidget(attrs={"type": "time"}),
    )
    resource = forms.ModelChoiceField(
        Resource.objects.all(),
        required=False,
        empty_label=gettext_lazy("Everybody"),
        label=gettext_lazy("Who"),
        widget=UnfoldAdminSelectWidget,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("day"), given.get("last_day")
        if first and last and not timedelta(0) <= last - first <= MOST_DAYS:
            self.add_error("last_day", _("Choose a day from the first on, at most a year later."))
        if (given.get("opens") is None) != (given.get("closes") is None):
            self.add_error("closes", _("Give both times, or none for the whole day."))
        return given

    def closing(self) -> Closing:
        given = self.cleaned_data
        return Closing(
            first_day=given["day"],
            last_day=given["last_day"] or given["day"],
            opens=given["opens"],
            closes=given["closes"],
            resource=given["resource"],
        )

"""Days that are otherwise, and public holidays to choose from."""

from datetime import date
from typing import Any

import holidays
from babel import Locale
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice.calendar import in_the_way
from backoffice.calendar.in_the_way import LocksCalendar, MindsBookings
from backoffice.toolkit.plain_texts import PlainTexts
from backoffice.toolkit.unfold import ModelAdmin, display
from bookings.calendar import occupancy
from bookings.models import CalendarException

COUNTRY_CODE = 2


def countries() -> list[tuple[str, str]]:
    """The countries whose holidays are known, by name."""
    names = Locale("en").territories
    codes = [code for code in holidays.list_supported_countries() if len(code) == COUNTRY_CODE]
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1])


class HolidayForm(forms.Form):
    """Which country, which part of it, and which year."""

    country = forms.ChoiceField(choices=countries, widget=UnfoldAdminSelectWidget)
    region = forms.CharField(
        required=False,
        max_length=10,
        help_text=gettext_lazy("Its short name, such as ENG or BY; empty: the whole country."),
        widget=UnfoldAdminTextInputWidget,
    )
    year = forms.IntegerField(min_value=2000, max_value=2100, widget=UnfoldAdminTextInputWidget)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        region, country = given.get("region"), given.get("country")
        known = holidays.list_supported_countries().get(country or "", [])
        if region and region not in known:
            self.add_error(
                "region",
                _("Choose one of %(parts)s.") % {"parts": ", ".join(known) or _("none: it has no parts")},
            )
        return given

    def days(self) -> list[tuple[date, str]]:
        given = self.cleaned_data
        found = holidays.country_holidays(
            given["country"], subdiv=given["region"] or None, years=[given["year"]], language="en_US"
        )
        return sorted(found.items())


class ExceptionForm(PlainTexts, MindsBookings):
    class Meta:
        model = CalendarException
        fields = ("resource", "first_day", "last_day", "opens", "closes", "is_closed", "note")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It is before the first day."))
        if (given.get("opens") is None) != (given.get("closes") is None):
            self.add_error("closes", _("Give both times, or none for the whole day."))
        return given


@admin.register(CalendarException)
class CalendarExceptionAdmin(LocksCalendar, ModelAdmin[CalendarException]):
    """Closed days and other hours. Who has booked already is seen before it is saved."""

    form = ExceptionForm
    list_display = ("first_day", "last_day", "who", "hours", "note")
    list_filter = ("resource",)
    ordering = ("-first_day",)
    list_before_template = "backoffice/calendar/exceptions_tools.html"

    @display(description=gettext_lazy("Who"))
    def who(self, one: CalendarException) -> str:
        return str(one.resource or _("Everybody"))

    @display(description=gettext_lazy("What"))
    def hours(self, one: CalendarException) -> str:
        if one.opens is None or one.closes is None:
            return _("Closed")
        state = _("Closed") if one.is_closed else _("Open")
        return _("%(state)s %(opens)s to %(closes)s") % {
            "state": state,
            "opens": f"{one.opens:%H:%M}",
            "closes": f"{one.closes:%H:%M}",
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.holidays_view)
        return [path("holidays/", view, name="bookings_holidays"), *super().get_urls()]

    def holidays_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a country; then its holidays; then, on POST, close those that are ticked."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = HolidayForm(request.GET or None, initial={"year": timezone.localdate().year})
        days = asked.days() if asked.is_bound and asked.is_valid() else []
        ticked = set(request.POST.getlist("day"))
        chosen = [(day, name) for day, name in days if f"{day}" in ticked]
        wrong = ""
        if request.method == "POST" and chosen:
            found = [] if "go_ahead" in request.POST else in_the_way.in_the_way(lambda: close(chosen))
            if not found:
                close(chosen)
                messages.success(request, _("%(number)s days are closed.") % {"number": len(chosen)})
                return HttpResponseRedirect(reverse("admin:bookings_calendarexception_changelist"))
            wrong = in_the_way.told(found)
        closed = set(
            CalendarException.objects.filter(resource=None, opens=None).values_list("first_day", flat=True)
        )
        lines = [
            {"day": day, "name": name, "closed": day in closed, "ticked": not ticked or f"{day}" in ticked}
            for day, name in days
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Public holidays"),
            "opts": self.model._meta,
            "form": asked,
            "lines": lines,
            "wrong": wrong,
            "back": reverse("admin:bookings_calendarexception_changelist"),
        }
        return TemplateResponse(request, "backoffice/calendar/holidays.html", context)


def close(days: list[tuple[date, str]]) -> None:
    """Close these days for everybody, each once."""
    with transaction.atomic():
        occupancy.lock_all()
        for day, name in days:
            closed = {"resource": None, "first_day": day, "last_day": day, "opens": None, "closes": None}
            CalendarException.objects.get_or_create(**closed, defaults={"note": name[:200]})

"""Opening hours: everybody's week at a glance, and a form for one week."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleTimeWidget, UnfoldBooleanSwitchWidget

from backoffice.calendar import in_the_way
from backoffice.toolkit.unfold import ModelAdmin
from bookings.calendar import occupancy
from bookings.models import Hours, Resource

DAYS = list(Hours.Weekday)
WEEKDAYS = range(1, 5)
# Two openings a day are enough for a lunch break.
PARTS = (0, 1)


class WeekForm(forms.Form):
    """Each day's openings; empty is closed. `go_ahead` once the bookings in the way were seen."""

    go_ahead = forms.BooleanField(
        required=False,
        label=gettext_lazy("Save even if bookings are then in the way"),
        help_text=in_the_way.STAY,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in DAYS:
            for part in PARTS:
                for edge in ("opens", "closes"):
                    self.fields[_name(day, part, edge)] = forms.TimeField(
                        required=False,
                        label=f"{day.label} {edge}",
                        widget=_clock(f"{day.label} {edge}", part),
                    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for day in DAYS:
            for part in PARTS:
                opens, closes = (given.get(_name(day, part, edge)) for edge in ("opens", "closes"))
                if (opens is None) != (closes is None):
                    self.add_error(_name(day, part, "closes"), _("Give both times, or none."))
            first, second = (given.get(_name(day, part, "opens")) for part in PARTS)
            until = given.get(_name(day, 0, "closes"))
            if second is not None and (first is None or until is None or not first < until <= second):
                self.add_error(_name(day, 1, "opens"), _("It begins after the first opening has ended."))
        return given

    def openings(self) -> Iterator[tuple[int, time, time]]:
        for day in DAYS:
            for part in PARTS:
                opens = self.cleaned_data[_name(day, part, "opens")]
                if opens is not None:
                    yield day.value, opens, self.cleaned_data[_name(day, part, "closes")]

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each day, as the page shows them."""
        for day in DAYS:
            names = [(_name(day, part, "opens"), _name(day, part, "closes")) for part in PARTS]
            yield {"day": day.label, "parts": [(self[opens], self[closes]) for opens, closes in names]}


@admin.register(Hours)
class HoursAdmin(ModelAdmin[Hours]):
    """The list is everybody's week; a week is written as a whole."""

    def get_urls(self) -> list[URLPattern]:
        week = self.admin_site.admin_view(self.week_view)
        return [path("week/", week, name="bookings_hours_week"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Hours | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        people = [None, *Resource.objects.filter(is_active=True)]
        rows = [_glance(one, self.has_change_permission(request)) for one in people]
        return self._page(request, "hours.html", {"title": _("Hours"), "rows": rows, "days": DAYS})

    def week_view(self, request: HttpRequest) -> HttpResponse:
        """One week, of the business or of `resource`; POST copies Monday or saves it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        resource = _resource(request)
        copies = "copy" in request.POST
        form = WeekForm(_copied(request) if copies else request.POST or None, initial=_as_it_is(resource))
        if request.method == "POST" and not copies and form.is_valid() and _is_saved(form, resource):
            messages.success(
                request, _("The hours of %(whose)s are saved.") % {"whose": resource or _("the business")}
            )
            return HttpResponseRedirect(reverse("admin:bookings_hours_changelist"))
        title = _("Hours of %(whose)s") % {"whose": resource or _("the business")}
        more = {"title": title, "form": form, "rows": form.rows(), "resource": resource}
        return self._page(request, "week.html", more)

    def _page(self, request: HttpRequest, template: str, more: dict[str, Any]) -> HttpResponse:
        back = reverse("admin:bookings_hours_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, "back": back, **more}
        return TemplateResponse(request, f"backoffice/calendar/{template}", context)


def write(resource: Resource | None, openings: list[tuple[int, time, time]]) -> None:
    """Write a whole week; hours of a season, which have dates, stay."""
    Hours.objects.filter(**_usual(resource)).delete()
    Hours.objects.bulk_create(
        Hours(resource=resource, weekday=day, opens=opens, closes=closes) for day, opens, closes in openings
    )


def _is_saved(form: WeekForm, resource: Resource | None) -> bool:
    openings = list(form.openings())
    if not form.cleaned_data["go_ahead"]:
        found = in_the_way.in_the_way(lambda: write(resource, openings))
        if found:
            form.add_error(None, in_the_way.told(found))
            return False
    with transaction.atomic():
        occupancy.lock_all()
        write(resource, openings)
    return True


def _resource(request: HttpRequest) -> Resource | None:
    key = request.GET.get("resource", "")
    if not key:
        return None
    found = Resource.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None
    if found is None:
        raise Http404
    return found


def _copied(request: HttpRequest) -> dict[str, Any]:
    """What was typed, with Monday's hours on Tuesday to Friday too."""
    given = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    for part in PARTS:
        for edge in ("opens", "closes"):
            for day in WEEKDAYS:
                given[_name(day, part, edge)] = given.get(_name(0, part, edge), "")
    return given


def _as_it_is(resource: Resource | None) -> dict[str, time]:
    parts: dict[int, int] = {}
    initial = {}
    for one in Hours.objects.filter(**_usual(resource)).order_by("weekday", "opens"):
        part = parts[one.weekday] = parts.get(one.weekday, -1) + 1
        initial[_name(one.weekday, part, "opens")] = one.opens
        initial[_name(one.weekday, part, "closes")] = one.closes
    return initial


def _glance(resource: Resource | None, may_change: bool) -> dict[str, Any]:
    days: dict[int, list[str]] = {day.value: [] for day in DAYS}
    for one in Hours.objects.filter(resource=resource).order_by("weekday", "opens"):
        days[one.weekday].append(
            _("%(opens)s to %(closes)s%(valid)s")
            % {"opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}", "valid": _valid(one)}
        )
    otherwise = _("as the business") if resource else _("always open")
    week = reverse("admin:bookings_hours_week") + (f"?resource={resource.pk}" if resource else "")
    return {
        "name": str(resource or _("The business")),
        "url": week if may_change else "",
        "days": [", ".join(times) for times in days.values()],
        "otherwise": "" if any(days.values()) else otherwise,
    }


def _valid(one: Hours) -> str:
    since = (
        _(" from %(valid_from)s") % {"valid_from": f"{one.valid_from:%-d %b %Y}"} if one.valid_from else ""
    )
    return since + (
        _(" until %(valid_until)s") % {"valid_until": f"{one.valid_until:%-d %b %Y}"}
        if one.valid_until
        else ""
    )


def _usual(resource: Resource | None) -> dict[str, Any]:
    return {"resource": resource, "valid_from": None, "valid_until": None}


def _name(day: int, part: int, edge: str) -> str:
    return f"day{int(day)}_{part}_{edge}"


def _clock(label: str, part: int) -> Any:
    again = " again" if part else ""
    return UnfoldAdminSingleTimeWidget(attrs={"type": "time", "aria-label": f"{label}{again}"})

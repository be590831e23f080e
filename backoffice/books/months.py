"""A month of the books as page, on paper, as CSV, and closed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from backoffice.books.csv_pages import download
from backoffice.books.figures import FiguresPage
from backoffice.toolkit.show import linked
from bookings.models import Business
from core.errors import DomainError
from core.money import in_words
from core.spreadsheet import Money
from payments.books import beginning, calendar_month, closing, months, sheets
from payments.books.sheets import Sheet
from payments.models import ClosedMonth

CLOSE = "payments.close_month"
SPOKEN = {
    "closing": gettext_lazy("Still at Stripe"),
    "opening": gettext_lazy("At Stripe before"),
    "fees": gettext_lazy("Stripe's fees"),
}
TABLES: dict[str, Callable[[date], Sheet]] = {
    "month": lambda named: sheets.month(months.month(named)),
    "service": lambda named: sheets.split("service", months.shares(named, "service")),
    "person": lambda named: sheets.split("person", months.shares(named, "person")),
    "payouts": sheets.payouts,
    "lines": sheets.lines,
}
SHOWN = {
    "month": gettext_lazy("The month"),
    "service": gettext_lazy("By service"),
    "person": gettext_lazy("By person"),
    "payouts": gettext_lazy("Payouts"),
}


class CloseForm(forms.Form):
    note = forms.CharField(
        max_length=500, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


@admin.register(ClosedMonth)
class MonthAdmin(FiguresPage):
    """All months that anything is booked in, closed or not."""

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(f"<slug:month>/{route}", self.admin_site.admin_view(view), name=f"payments_{name}")

        return [
            *super().get_urls()[:2],
            page("", self.month_view, "month"),
            page("paper/", self.paper_view, "month_paper"),
            page("csv/<slug:table>/", self.csv_view, "month_csv"),
            page("close/", self.close_view, "month_close"),
            page("file/", self.file_view, "month_file"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The months, newest first."""
        self._check(request)
        closed = {one.month: one for one in ClosedMonth.objects.defer("file")}
        rows = [
            [linked(_address("month", named), f"{named:%B %Y}"), _state(closed.get(named))]
            for named in months.months_with_lines()
        ]
        context = {"title": _("Months"), "table": {"headers": [_("Month"), _("State")], "rows": rows}}
        return self._page(request, "months", context)

    def month_view(self, request: HttpRequest, month: str) -> HttpResponse:
        """A month in sums."""
        return self._page(request, "month", self._of(request, month))

    def paper_view(self, request: HttpRequest, month: str) -> HttpResponse:
        """The same without anything around it, to be printed."""
        return self._page(request, "paper", self._of(request, month))

    def _of(self, request: HttpRequest, month: str) -> dict[str, Any]:
        named = self._named(request, month)
        closed = ClosedMonth.objects.filter(month=named).defer("file").first()
        why_not = "" if closed else closing.why_not(named, beginning.seen(), timezone.now())
        return {
            "title": f"{named:%B %Y}",
            "business": Business.current(),
            "month": f"{named:%Y-%m}",
            "before": f"{calendar_month.preceding(named):%Y-%m}",
            "after": f"{calendar_month.following(named):%Y-%m}",
            "closed": closed,
            "why_not": why_not,
            "may_close": request.user.has_perm(CLOSE),
            "corrections": months.corrections(named).count(),
            "lines": _lines_url(named),
            "tables": [_table(name, named) for name in SHOWN],
        }

    def csv_view(self, request: HttpRequest, month: str, table: str) -> HttpResponseBase:
        """One of the tables, or all `lines`; with `?units=minor` in minor units."""
        named = self._named(request, month)
        if table not in TABLES:
            raise Http404
        sheet = TABLES[table](named)
        minor_units = request.GET.get("units") == "minor"
        return download(f"{named:%Y-%m}-{sheet.name}", sheet.columns, sheet.rows, minor_units=minor_units)

    def close_view(self, request: HttpRequest, month: str) -> HttpResponse:
        """Ask, and on POST close it."""
        named = self._named(request, month)
        if not request.user.has_perm(CLOSE):
            raise PermissionDenied
        form = CloseForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            by, note = f"staff:{request.user.pk}", form.cleaned_data["note"]
            try:
                closing.close(named, by=by, now=timezone.now(), note=note)
            except DomainError as error:
                form.add_error(None, error.detail)
            else:
                messages.success(
                    request,
                    _("%(month)s is closed. Its file is ready for the accountant.")
                    % {"month": f"{named:%B %Y}"},
                )
                return HttpResponseRedirect(_address("month", named))
        context = {
            "title": _("Close %(month)s") % {"month": f"{named:%B %Y}"},
            "form": form,
            "back": _address("month", named),
        }
        return self._page(request, "close", context, status=409 if form.errors else 200)

    def file_view(self, request: HttpRequest, month: str) -> HttpResponse:
        """The accountant's file of a closed month, as it was when it was closed."""
        named = self._named(request, month)
        closed = ClosedMonth.objects.filter(month=named).first()
        if closed is None:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="books-{named:%Y-%m}.zip"'}
        return HttpResponse(bytes(closed.file), content_type="application/zip", headers=headers)

    def _named(self, request: HttpRequest, month: str) -> date:
        self._check(request)
        try:
            return calendar_month.parsed(month)
        except ValueError:
            raise Http404 from None

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.model._meta}
        template = f"backoffice/books/{name}.html"
        return TemplateResponse(request, template, around | context, status=status)


def _address(name: str, named: date) -> str:
    return reverse(f"admin:payments_{name}", args=[f"{named:%Y-%m}"])


def _state(closed: ClosedMonth | None) -> str:
    return _("closed on %(day)s") % {"day": f"{closed.closed_at:%-d %B %Y}"} if closed else "open"


def _lines_url(named: date, **filters: str) -> str:
    query = urlencode({"month__gte": named, "month__lt": calendar_month.following(named), **filters})
    return f"{reverse('admin:payments_balanceline_changelist')}?{query}"


def _table(name: str, named: date) -> dict[str, Any]:
    sheet = TABLES[name](named)
    headers = [SPOKEN.get(column, column.replace("_", " ").capitalize()) for column in sheet.columns]
    rows = [_cells(name, sheet, row, named) for row in sheet.rows]
    return {"name": name, "heading": SHOWN[name], "table": {"headers": headers, "rows": rows}}


def _cells(name: str, sheet: Sheet, row: Iterable[Any], named: date) -> list[Any]:
    return [_cell(name, column, value, named) for column, value in zip(sheet.columns, row, strict=True)]


def _cell(table: str, column: str, value: Any, named: date) -> Any:
    if isinstance(value, Money):
        told = in_words(value.amount, value.currency)
        categories = [one for one, shown in months.COLUMNS.items() if shown == column]
        if table != "month" or not categories or column == "fees":
            return told
        filters = {"currency": value.currency, "category__in": ",".join(categories)}
        return linked(_lines_url(named, **filters), told)
    if column == "payout":
        return linked(f"{reverse('admin:payments_payout_changelist')}?q={value}", value)
    return f"{value:%-d %b %Y}" if isinstance(value, date) else value

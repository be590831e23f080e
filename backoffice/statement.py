"""The statement as staff see it: its lines, and a month or any days as a page and as CSV."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDateWidget

from backoffice.toolkit.csv import CsvExport
from backoffice.toolkit.filters import CurrencyFilter, PeriodFilter, is_sane, midnight
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, money, stripe_link
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking
from backoffice.toolkit.unfold import display
from bookings.models import Business
from core import spreadsheet
from core.money import in_words
from payments.books.period_statement import COLUMNS, PeriodStatement, statements
from payments.models import PaymentTransaction

HEADERS = ("currency", "opening", *COLUMNS, "closing")


class Period(forms.Form):
    """Both days belong to it."""

    first = forms.DateField(label=gettext_lazy("From"), widget=UnfoldAdminDateWidget(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), widget=UnfoldAdminDateWidget(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not all(is_sane(day) for day in given.values()):
            raise forms.ValidationError(_("There are no books of such a day."))
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            raise forms.ValidationError(_("The last day is before the first."))
        return given


class PeriodPages(CsvExport[PaymentTransaction]):
    """For the admin of the statement: `period/` is the page, `period/csv/` the file."""

    list_before_template = "backoffice/statement_tools.html"

    def get_urls(self) -> list[URLPattern]:
        page, file = self.admin_site.admin_view(self.period_view), self.admin_site.admin_view(self.period_csv)
        return [
            path("period/", page, name="payments_period"),
            path("period/csv/", file, name="payments_period_csv"),
            *super().get_urls(),
        ]

    def period_view(self, request: HttpRequest) -> HttpResponse:
        """The sums of a period in words; of the last month, if none is asked for."""
        form = self._asked(request)
        found = _found(form) if form.is_valid() else []
        rows = [[in_words(value, one.currency) for value in _figures(one)] for one in found]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Statement of a period"),
            "opts": self.model._meta,
            "form": form,
            "query": form.data,
            "zone": Business.current().time_zone,
            "table": {
                "headers": [name.replace("_", " ").capitalize() for name in HEADERS],
                "rows": [[one.currency.upper(), *row] for one, row in zip(found, rows, strict=True)],
            },
        }
        return TemplateResponse(request, "backoffice/period.html", context)

    def period_csv(self, request: HttpRequest) -> HttpResponseBase:
        """The same in minor units; 400 for days that make no period."""
        form = self._asked(request)
        if not form.is_valid():
            return HttpResponse(_("Not a period."), status=400, content_type="text/plain")
        name = f"statement-{form.cleaned_data['first']}-{form.cleaned_data['last']}.csv"
        return StreamingHttpResponse(
            spreadsheet.lines(HEADERS, _rows(form)),
            content_type=spreadsheet.CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _asked(self, request: HttpRequest) -> Period:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return Period(request.GET if "first" in request.GET else _last_month(timezone.localdate()))


def _last_month(today: date) -> dict[str, str]:
    last = today.replace(day=1) - timedelta(days=1)
    return {"first": last.replace(day=1).isoformat(), "last": last.isoformat()}


def _found(form: Period) -> list[PeriodStatement]:
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    return statements(since=midnight(first), until=midnight(last + timedelta(days=1)))


def _figures(one: PeriodStatement) -> list[int]:
    return [one.opening, *(one.sums[name] for name in COLUMNS), one.closing]


def _rows(form: Period) -> Iterator[tuple[Any, ...]]:
    for one in _found(form):
        yield one.currency, *_figures(one)


@admin.register(PaymentTransaction)
class PaymentTransactionAdmin(OfBooking, PeriodPages, RecognisedSearch[PaymentTransaction]):
    """Money that really moved, newest first."""

    list_display = ("occurred_at", "customer", "of_booking", "kind", "sum")
    list_select_related = WITH_BOOKING
    list_filter = ("kind", CurrencyFilter, PeriodFilter)
    sortable_by = ()
    paginator = BigPaginator
    search_columns = {
        "BK-": "booking__reference",
        "pi_": "payment__stripe_payment_intent_id",
        "re_": "stripe_id",
        "pyr_": "stripe_id",
        "du_": "stripe_id",
        "@": "booking__customer__in",
    }
    search_help_text = gettext_lazy("BK-…, pi_…, re_…, du_… or an e-mail address")
    fieldsets = (
        (None, {"fields": ("customer", "of_booking", "kind", "sum", "occurred_at")}),
        (
            gettext_lazy("Technical"),
            {"classes": ("collapse",), "fields": ("of_payment", "at_stripe", "recorded_at")},
        ),
    )
    csv_columns = (
        "id",
        "booking__reference",
        "kind",
        "amount",
        "currency",
        "stripe_id",
        "occurred_at",
        "recorded_at",
    )

    @display(description=gettext_lazy("Payment"))
    def of_payment(self, line: PaymentTransaction) -> str:
        return link(line.payment)

    @display(description=gettext_lazy("Amount"))
    def sum(self, line: PaymentTransaction) -> str:
        return money(line)

    @display(description=gettext_lazy("At Stripe"))
    def at_stripe(self, line: PaymentTransaction) -> str:
        return stripe_link(line.stripe_id)

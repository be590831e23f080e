"""The page of the figures that steer, each with the way to its rows."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.books import steering
from backoffice.books.steering import Ratio
from backoffice.toolkit.readonly import ReadOnlyAdmin
from backoffice.toolkit.show import linked
from bookings.models import Business
from core.money import in_words
from payments.books import calendar_month
from payments.models import ClosedMonth


class FiguresPage(ReadOnlyAdmin[ClosedMonth]):
    """For the admin of months: `figures/`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.figures_view)
        return [path("figures/", view, name="payments_figures"), *super().get_urls()]

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """The last months, newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = steering.latest(timezone.now().astimezone(Business.current().zone).date())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Figures that steer"),
            "disputes": _disputes(shown),
            "fees": _fees(shown),
            "appointments": _appointments(shown),
        }
        return TemplateResponse(request, "backoffice/books/figures.html", context)


def _disputes(shown: list[date]) -> dict[str, Any]:
    headers = [
        _("Month"),
        _("Network"),
        _("Payments"),
        _("Disputes"),
        _("Fraud warnings"),
        _("Share"),
        _("The network's limit"),
        "",
    ]
    rows = [_ratio(named, one) for named in shown for one in steering.ratios(named)]
    return {"headers": headers, "rows": rows}


def _ratio(named: date, one: Ratio) -> list[Any]:
    limit = one.limit
    told = (
        _("%(share)s and %(cases)s cases (%(name)s)")
        % {"share": f"{limit.share:.1%}", "cases": f"{limit.cases:,}", "name": limit.name}
        if limit
        else "-"
    )
    return [
        f"{named:%b %Y}",
        one.network.capitalize(),
        _lines(named, f"{one.payments:,}", network=one.network, category__exact="charge"),
        _lines(named, f"{one.disputes:,}", network=one.network, category__exact="dispute"),
        f"{one.warnings:,}",
        "-" if one.share is None else f"{one.share:.2%}",
        told,
        _("over the limit") if one.is_over else "",
    ]


def _lines(named: date, text: str, **filters: str) -> Any:
    query = {"month__gte": named, "month__lt": calendar_month.following(named), **filters}
    return linked(f"{reverse('admin:payments_balanceline_changelist')}?{urlencode(query)}", text)


def _fees(shown: list[date]) -> dict[str, Any]:
    rows = [
        [
            f"{named:%b %Y}",
            currency.upper(),
            _lines(named, in_words(lost, currency), currency=currency, category__in="refund,refund_failure"),
        ]
        for named in shown
        for currency, lost in sorted(steering.fees_lost(named).items())
    ]
    return {"headers": [_("Month"), _("Currency"), _("Stripe's fees of what went back")], "rows": rows}


def _appointments(shown: list[date]) -> dict[str, Any]:
    headers = [
        _("Month"),
        _("Appointments"),
        _("Nobody came"),
        _("Share"),
        _("Cancelled too late"),
        _("Share"),
    ]
    return {"headers": headers, "rows": [_lost(named) for named in shown]}


def _lost(named: date) -> list[Any]:
    one, zone = steering.appointments(named), Business.current().zone
    begin, end = (calendar_month.begin(day, zone) for day in (named, calendar_month.following(named)))
    times = {"starts_at__gte": begin.isoformat(), "starts_at__lt": end.isoformat()}
    of_booking = {f"booking__{name}": value for name, value in times.items()}
    return [
        f"{named:%b %Y}",
        _rows("bookings_booking", one.all, times),
        _rows("bookings_booking", one.no_shows, {**times, "status": "no_show"}),
        _share(one.no_shows, one.all),
        _rows("refunds_refundrecord", one.late, {**of_booking, "rule__exact": "too_late"}),
        _share(one.late, one.all),
    ]


def _rows(model: str, count: int, filters: dict[str, str]) -> Any:
    return linked(f"{reverse(f'admin:{model}_changelist')}?{urlencode(filters)}", f"{count:,}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"

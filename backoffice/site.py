"""How the admin looks, and its way around."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.language import Words


def environment(request: HttpRequest) -> list[str]:
    """Which Stripe this is, on every page."""
    return [_("Live money"), "danger"] if settings.STRIPE_LIVEMODE else [_("Stripe test mode"), "info"]


# Title, then (words, icon, model) of each list.
WAYS: tuple[tuple[Words, tuple[tuple[Words, str, str], ...]], ...] = (
    (
        "",
        (
            (gettext_lazy("Bookings"), "event", "bookings_booking"),
            (gettext_lazy("Customers"), "person", "accounts_customer"),
            (gettext_lazy("Refunds"), "undo", "refunds_refundrecord"),
            (gettext_lazy("Disputes"), "gavel", "refunds_dispute"),
            (gettext_lazy("Cancelled by us"), "event_busy", "refunds_closure"),
        ),
    ),
    (
        gettext_lazy("Money"),
        (
            (gettext_lazy("Statement"), "receipt_long", "payments_paymenttransaction"),
            (gettext_lazy("Payments"), "payments", "payments_payment"),
            (gettext_lazy("Payouts"), "account_balance", "payments_payout"),
            (gettext_lazy("Months"), "calendar_month", "payments_closedmonth"),
            (gettext_lazy("Stripe's account"), "menu_book", "payments_balanceline"),
            (gettext_lazy("Fraud warnings"), "gpp_maybe", "refunds_earlyfraudwarning"),
            (gettext_lazy("Differences"), "difference", "refunds_finding"),
            (gettext_lazy("Reconciliation runs"), "balance", "refunds_reconciliationrun"),
        ),
    ),
    (
        gettext_lazy("Calendar"),
        (
            (gettext_lazy("Services"), "sell", "bookings_service"),
            (gettext_lazy("People and rooms"), "groups", "bookings_resource"),
            (gettext_lazy("Hours"), "schedule", "bookings_hours"),
            (gettext_lazy("Closed and other days"), "event_busy", "bookings_calendarexception"),
            (gettext_lazy("Business"), "storefront", "bookings_business"),
        ),
    ),
    (
        gettext_lazy("Behind the scenes"),
        (
            (gettext_lazy("Stripe events"), "webhook", "payments_webhookevent"),
            (gettext_lazy("Audit trail"), "history", "bookings_auditentry"),
            (gettext_lazy("Staff"), "badge", "accounts_staff"),
            (gettext_lazy("Changes of staff"), "manage_history", "accounts_staffchange"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The way to each list, for those who may see it."""
    groups = [
        {
            "title": title,
            "separator": bool(title),
            "items": [_item(*way) for way in ways if _may_see(request, way[2])],
        }
        for title, ways in WAYS
    ]
    first = [{"title": _("Home"), "icon": "home", "link": reverse("admin:index")}]
    if _sees_the_day(request):
        first.append({"title": _("Agenda"), "icon": "calendar_month", "link": reverse("agenda")})
    return [{"items": first}, *(group for group in groups if group["items"])]


def style_sheet(request: HttpRequest) -> str:
    """What Unfold's own style sheet doesn't have."""
    return static("backoffice/desk.css")


def landing(request: HttpRequest) -> HttpResponse:
    """Where people begin: reception with the day, everybody else at home."""
    sees_money = request.user.has_perm("payments.view_paymenttransaction")
    if _sees_the_day(request) and not sees_money:
        return HttpResponseRedirect(reverse("agenda"))
    return admin.site.index(request)


def _sees_the_day(request: HttpRequest) -> bool:
    user = request.user
    return user.has_perm("bookings.view_booking") or user.has_perm("accounts.own_diary")


def title_of(model: str) -> str:
    """What the menu calls the list of a model (`bookings_booking`); "" if it isn't in the menu."""
    return next((str(way[0]) for group in WAYS for way in group[1] if way[2] == model), "")


def _may_see(request: HttpRequest, model: str) -> bool:
    app, name = model.split("_")
    if not admin.site.is_registered(apps.get_model(app, name)):
        return False
    return request.user.has_perm(f"{app}.view_{name}")


def _item(title: Words, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(f"admin:{model}_changelist")}


UNFOLD = {
    "SITE_TITLE": gettext_lazy("Bookings and refunds"),
    "SITE_HEADER": gettext_lazy("Bookings and refunds"),
    "SITE_SYMBOL": "event_available",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "backoffice.site.environment",
    "DASHBOARD_CALLBACK": "backoffice.home.page.dashboard",
    "STYLES": ["backoffice.site.style_sheet"],
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.7% .014 236.6)",
            "100": "oklch(95.1% .026 236.8)",
            "200": "oklch(90.1% .058 230.9)",
            "300": "oklch(82.8% .111 230.3)",
            "400": "oklch(74.6% .16 232.7)",
            "500": "oklch(62% .16 240)",
            "600": "oklch(50% .134 242.7)",
            "700": "oklch(44.3% .11 240.8)",
            "800": "oklch(39.1% .09 240.9)",
            "900": "oklch(33% .072 243)",
            "950": "oklch(29.3% .066 243.2)",
        },
    },
    "ACCOUNT": {"navigation": [{"title": gettext_lazy("My sign-in"), "link": reverse_lazy("my_sign_in")}]},
    "SIDEBAR": {"show_search": False, "navigation": "backoffice.site.navigation"},
}

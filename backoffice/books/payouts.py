"""Payouts to the bank account, and what is in each, down to the bookings."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.books.csv_pages import MoneyCsv
from backoffice.books.lines import spoken
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, linked, money, page_url, stripe_link
from backoffice.toolkit.unfold import coloured, display
from core.money import in_words
from payments.models import BalanceLine, Payout

SHOWN = 100
COLOURS = {
    gettext_lazy("Arrived"): "success",
    gettext_lazy("On its way"): "info",
    gettext_lazy("Sent back by the bank"): "danger",
}


@admin.register(Payout)
class PayoutAdmin(MoneyCsv[Payout], RecognisedSearch[Payout]):
    """Money from Stripe to the bank account, newest first."""

    change_form_template = "backoffice/books/payout.html"
    list_display = ("created_at", "sum", "state", "arrives_on", "kind", "proof", "at_stripe")
    list_filter = ("status", "automatic")
    sortable_by = ()
    search_columns = {"po_": "stripe_id", "txn_": "own_line"}
    search_help_text = gettext_lazy("po_… or txn_…")
    fields = (
        "sum",
        "status",
        "arrives_on",
        "kind",
        "proof",
        "trace_id",
        "failure_code",
        "at_stripe",
        "created_at",
    )
    csv_columns = (
        "stripe_id",
        "created_at",
        "arrives_on",
        "status",
        "automatic",
        "method",
        "currency",
        "amount",
        "trace_id",
        "failure_code",
    )
    csv_money = ("amount",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        lines = BalanceLine.objects.filter(payout=OuterRef("pk")).order_by().values("payout")
        added = Subquery(lines.annotate(sum=Sum("net")).values("sum"))
        return super().get_queryset(request).annotate(added=Coalesce(added, 0))

    @display(description=gettext_lazy("Amount"))
    def sum(self, payout: Payout) -> str:
        return money(payout)

    @coloured(gettext_lazy("State"), COLOURS)
    def state(self, payout: Payout) -> str:
        return payout.get_status_display()

    @display(description=gettext_lazy("Made"))
    def kind(self, payout: Payout) -> str:
        by_hand = _("by hand, instant") if payout.method == "instant" else _("by hand")
        return _("by Stripe's schedule") if payout.automatic else by_hand

    @display(description=gettext_lazy("Proof"))
    def proof(self, payout: Payout) -> str:
        if not payout.automatic:
            return _("Stripe doesn't say what is in it")
        if payout.listed_at is None:
            return _("Stripe hasn't said yet what is in it")
        added = int(vars(payout)["added"])
        proved = added == payout.amount
        return (
            _("the sum of its lines")
            if proved
            else _("lines of %(money)s") % {"money": in_words(added, payout.currency)}
        )

    @display(description=gettext_lazy("At Stripe"))
    def at_stripe(self, payout: Payout) -> str:
        return stripe_link(payout.stripe_id)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        payout = self.get_object(request, object_id)
        more = _tables(payout) if payout else {}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))


def _tables(payout: Payout) -> dict[str, Any]:
    lines = payout.lines.select_related("payment__booking").order_by("occurred_at", "pk")
    return {
        "sums": {
            "headers": [_("What"), _("Lines"), _("Amount"), _("Stripe's fee"), _("Net")],
            "rows": list(_sums(payout)),
        },
        "lines": {
            "headers": [_("When"), _("What"), _("Booking"), _("Amount"), _("Stripe's fee"), _("Net"), ""],
            "rows": [_line(line) for line in lines[:SHOWN]],
        },
        "all_lines": reverse("admin:payments_balanceline_changelist") + f"?q={payout.stripe_id}",
        "is_long": lines.count() > SHOWN,
    }


def _sums(payout: Payout) -> Any:
    grouped = payout.lines.order_by("category").values("category")
    sums = {"count": Count("pk"), "gross": Sum("amount"), "fees": Sum("fee"), "left": Sum("net")}
    rows: list[dict[str, Any]] = [dict(row) for row in grouped.annotate(**sums)]
    total = dict.fromkeys(sums, 0)
    for row in rows:
        total = {name: total[name] + row[name] for name in total}
        yield [spoken(row["category"]), *_figures(row, payout.currency)]
    if total["count"]:
        yield [_("Together"), *_figures(total, payout.currency)]


def _figures(row: dict[str, Any], currency: str) -> list[str]:
    money_in_words = [in_words(row[name], currency) for name in ("gross", "fees", "left")]
    return [f"{row['count']:,}", *money_in_words]


def _line(line: BalanceLine) -> list[Any]:
    return [
        date_format(line.occurred_at, "j M Y"),
        spoken(line.category),
        link(line.payment.booking) if line.payment else ("-" if line.is_ours else _("not ours")),
        in_words(line.amount, line.currency),
        in_words(line.fee, line.currency),
        in_words(line.net, line.currency),
        linked(page_url(line), _("Open line")),
    ]

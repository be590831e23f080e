"""Every movement of Stripe's balance, as staff see it."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.books.csv_pages import MoneyCsv
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, stripe_link
from backoffice.toolkit.unfold import display
from core.money import in_words
from payments.models import BalanceLine

SPOKEN = {
    "charge": gettext_lazy("Payment"),
    "charge_failure": gettext_lazy("Payment returned"),
    "refund": gettext_lazy("Refund"),
    "refund_failure": gettext_lazy("Refund returned"),
    "dispute": gettext_lazy("Chargeback"),
    "dispute_reversal": gettext_lazy("Chargeback returned"),
    "fee": gettext_lazy("Stripe's fee"),
    "payout": gettext_lazy("Payout"),
    "payout_reversal": gettext_lazy("Payout returned"),
}


def spoken(category: str) -> str:
    """Stripe's reporting category for people."""
    return str(SPOKEN.get(category, category.replace("_", " ").capitalize()))


@admin.register(BalanceLine)
class BalanceLineAdmin(MoneyCsv[BalanceLine], RecognisedSearch[BalanceLine]):
    """Stripe's account, newest first."""

    list_display = ("occurred_at", "what", "of_booking", "gross", "fees", "left", "of_payout")
    list_select_related = ("payment__booking", "payout")
    list_filter = ("category", "network", ("month", admin.DateFieldListFilter))
    sortable_by = ()
    paginator = BigPaginator
    search_columns = {
        "BK-": "payment__booking__reference",
        "pi_": "payment__stripe_payment_intent_id",
        "txn_": "stripe_id",
        "ch_": "source_id",
        "re_": "source_id",
        "du_": "source_id",
        "po_": "payout__stripe_id",
    }
    search_help_text = gettext_lazy("BK-…, pi_…, txn_…, ch_…, re_…, du_… or po_… for what is in a payout")
    fields = (
        "what",
        "of_booking",
        "gross",
        "fees",
        "left",
        "rate",
        "of_payout",
        "source",
        "network",
        "description",
        "occurred_at",
        "available_on",
        "month",
        "stripe_id",
        "recorded_at",
    )
    csv_columns = (
        "stripe_id",
        "occurred_at",
        "category",
        "currency",
        "amount",
        "fee",
        "net",
        "source_id",
        "payment__booking__reference",
        "payout__stripe_id",
        "month",
    )
    csv_money = ("amount", "fee", "net")

    @display(description=gettext_lazy("What"))
    def what(self, line: BalanceLine) -> str:
        return spoken(line.category)

    @display(description=gettext_lazy("Booking"))
    def of_booking(self, line: BalanceLine) -> str:
        if line.payment:
            return link(line.payment.booking)
        return "-" if line.is_ours else _("not ours")

    @display(description=gettext_lazy("Amount"))
    def gross(self, line: BalanceLine) -> str:
        return in_words(line.amount, line.currency)

    @display(description=gettext_lazy("Stripe's fee"))
    def fees(self, line: BalanceLine) -> str:
        return in_words(line.fee, line.currency) if line.fee else "-"

    @display(description=gettext_lazy("Net"))
    def left(self, line: BalanceLine) -> str:
        return in_words(line.net, line.currency)

    @display(description=gettext_lazy("Paid out with"))
    def of_payout(self, line: BalanceLine) -> str:
        return link(line.payout)

    @display(description=gettext_lazy("About"))
    def source(self, line: BalanceLine) -> str:
        return stripe_link(line.source_id)

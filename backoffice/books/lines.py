"""Every movement of Stripe's balance, as staff see it."""

from django.contrib import admin

from backoffice.books.csv_pages import MoneyCsv
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, stripe_link
from backoffice.toolkit.unfold import display
from core.money import in_words
from payments.models import BalanceLine

SPOKEN = {
    "charge": "Payment",
    "charge_failure": "Payment returned",
    "refund": "Refund",
    "refund_failure": "Refund returned",
    "dispute": "Chargeback",
    "dispute_reversal": "Chargeback returned",
    "fee": "Stripe's fee",
    "payout": "Payout",
    "payout_reversal": "Payout returned",
}


def spoken(category: str) -> str:
    """Stripe's reporting category for people."""
    return SPOKEN.get(category, category.replace("_", " ").capitalize())


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
    search_help_text = "BK-…, pi_…, txn_…, ch_…, re_…, du_… or po_… for what is in a payout"
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

    @display(description="What")
    def what(self, line: BalanceLine) -> str:
        return spoken(line.category)

    @display(description="Booking")
    def of_booking(self, line: BalanceLine) -> str:
        if line.payment:
            return link(line.payment.booking)
        return "-" if line.is_ours else "not ours"

    @display(description="Amount")
    def gross(self, line: BalanceLine) -> str:
        return in_words(line.amount, line.currency)

    @display(description="Stripe's fee")
    def fees(self, line: BalanceLine) -> str:
        return in_words(line.fee, line.currency) if line.fee else "-"

    @display(description="Net")
    def left(self, line: BalanceLine) -> str:
        return in_words(line.net, line.currency)

    @display(description="Paid out with")
    def of_payout(self, line: BalanceLine) -> str:
        return link(line.payout)

    @display(description="About")
    def source(self, line: BalanceLine) -> str:
        return stripe_link(line.source_id)

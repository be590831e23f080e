"""Payments as staff see them, with what of each is still here."""

from django.contrib import admin

from backoffice.refund_actions import GOODWILL
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, money, stripe_link
from backoffice.toolkit.unfold import coloured, display
from core.money import in_words
from payments.models import Payment
from refunds.account import owed

COLOURS = {"Paid": "success", "Waiting for the customer": "info", "Processing at the bank": "warning"}


@admin.register(Payment)
class PaymentAdmin(ActionPages[Payment], RecognisedSearch[Payment]):
    """Money that was asked for."""

    row_actions = (GOODWILL,)
    list_display = ("created_at", "of_booking", "sum", "state", "card", "at_stripe")
    list_select_related = ("booking",)
    list_filter = ("status",)
    sortable_by = ()
    paginator = BigPaginator
    search_columns = {
        "BK-": "booking__reference",
        "pi_": "stripe_payment_intent_id",
        "ch_": "stripe_charge_id",
        "@": "booking__customer__in",
        "uuid": "pk",
    }
    search_help_text = "BK-…, pi_…, ch_… or an e-mail address"
    fields = (
        "of_booking",
        "sum",
        "status",
        "kept",
        "card",
        "at_stripe",
        "charge",
        "orphaned",
        "last_error",
        "created_at",
        "paid_at",
    )

    @display(description="Booking")
    def of_booking(self, payment: Payment) -> str:
        return link(payment.booking)

    @display(description="Amount")
    def sum(self, payment: Payment) -> str:
        return money(payment)

    @coloured("Status", COLOURS)
    def state(self, payment: Payment) -> str:
        return payment.get_status_display()

    @display(description="Card")
    def card(self, payment: Payment) -> str:
        return f"{payment.card_brand} •••• {payment.card_last4}" if payment.card_last4 else "-"

    @display(description="Still here")
    def kept(self, payment: Payment) -> str:
        return in_words(owed(payment).kept, payment.currency)

    @display(description="At Stripe")
    def at_stripe(self, payment: Payment) -> str:
        return stripe_link(payment.stripe_payment_intent_id)

    @display(description="Charge")
    def charge(self, payment: Payment) -> str:
        return stripe_link(payment.stripe_charge_id)

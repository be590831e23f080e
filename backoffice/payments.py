"""Payments as staff see them, with what of each is still here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.refunds.goodwill import GOODWILL
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import money, stripe_link
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking, appointment, called
from backoffice.toolkit.unfold import coloured, display
from core.money import in_words
from payments.models import Payment
from refunds import account

COLOURS = {
    gettext_lazy("Paid"): "success",
    gettext_lazy("Waiting for the customer"): "info",
    gettext_lazy("Processing at the bank"): "warning",
}


@admin.register(Payment)
class PaymentAdmin(OfBooking, ActionPages[Payment], RecognisedSearch[Payment]):
    """Money that was asked for."""

    row_actions = (GOODWILL,)
    list_display = ("created_at", "customer", "of_booking", "sum", "state", "card")
    list_select_related = WITH_BOOKING
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
    search_help_text = gettext_lazy("BK-…, pi_…, ch_… or an e-mail address")
    fieldsets = (
        (None, {"fields": ("customer", "of_booking", "sum", "status", "kept", "card", "paid_at")}),
        (
            gettext_lazy("Technical"),
            {
                "classes": ("collapse",),
                "fields": ("at_stripe", "charge", "orphaned", "last_error", "created_at"),
            },
        ),
    )

    @display(description=gettext_lazy("Amount"))
    def sum(self, payment: Payment) -> str:
        return money(payment)

    @coloured(gettext_lazy("Status"), COLOURS)
    def state(self, payment: Payment) -> str:
        return payment.get_status_display()

    @display(description=gettext_lazy("Card"))
    def card(self, payment: Payment) -> str:
        return f"{payment.card_brand} •••• {payment.card_last4}" if payment.card_last4 else "-"

    @display(description=gettext_lazy("Still here"))
    def kept(self, payment: Payment) -> str:
        return in_words(account.of(payment).kept, payment.currency)

    @display(description=gettext_lazy("At Stripe"))
    def at_stripe(self, payment: Payment) -> str:
        return stripe_link(payment.stripe_payment_intent_id)

    @display(description=gettext_lazy("Charge"))
    def charge(self, payment: Payment) -> str:
        return stripe_link(payment.stripe_charge_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        found: QuerySet[Payment] = super().get_queryset(request)
        return found.select_related(*WITH_BOOKING)

    def name_of(self, row: Payment) -> str:
        return _("%(money)s from %(name)s") % {"money": money(row), "name": called(row.booking.customer)}

    def advice(self, row: Payment) -> str:
        if row.orphaned:
            return _(
                "This money arrived for an appointment that couldn't take it, so it goes back by itself."
            )
        return (
            _("The last try to pay failed: %(error)s.") % {"error": row.last_error} if row.last_error else ""
        )

    def facts_of(self, row: Payment) -> dict[str, Any]:
        return {
            _("Customer"): called(row.booking.customer),
            _("Appointment"): appointment(row.booking),
            _("Paid"): money(row),
            _("Still here"): self.kept(row),
        }

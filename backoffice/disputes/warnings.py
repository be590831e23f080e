"""Early fraud warnings as staff see them, with the chance to refund first."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from backoffice.disputes import words
from backoffice.disputes.actions import REFUND_FIRST
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, money
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking
from backoffice.toolkit.unfold import display
from refunds.models import EarlyFraudWarning


@admin.register(EarlyFraudWarning)
class EarlyFraudWarningAdmin(OfBooking, ActionPages[EarlyFraudWarning], RecognisedSearch[EarlyFraudWarning]):
    """Payments that the card network suspects."""

    row_actions = (REFUND_FIRST,)
    list_display = ("warned_at", "customer", "of_booking", "sum", "suspicion", "actionable")
    list_select_related = (*WITH_BOOKING, "payment")
    sortable_by = ()
    paginator = BigPaginator
    fieldsets = (
        (None, {"fields": ("customer", "of_booking", "sum", "suspicion", "warned_at", "actionable")}),
        (gettext_lazy("Technical"), {"classes": ("collapse",), "fields": ("of_payment", "stripe_id")}),
    )
    search_columns = {"BK-": "booking__reference", "pi_": "payment__stripe_payment_intent_id"}
    search_help_text = gettext_lazy("BK-… or pi_…")

    @display(description=gettext_lazy("Payment"))
    def of_payment(self, warning: EarlyFraudWarning) -> str:
        return link(warning.payment)

    @display(description=gettext_lazy("Paid"))
    def sum(self, warning: EarlyFraudWarning) -> str:
        return money(warning.payment)

    @display(description=gettext_lazy("Suspicion"))
    def suspicion(self, warning: EarlyFraudWarning) -> str:
        return warning.fraud_type.replace("_", " ").capitalize()

    def name_of(self, row: EarlyFraudWarning) -> str:
        return words.name_of(row.payment)

    def advice(self, row: EarlyFraudWarning) -> str:
        return words.about_warning(row)

    def is_urgent(self, row: EarlyFraudWarning) -> bool:
        return row.status == "open"

"""The statement and Stripe's events as staff see them; payments are shown by refunds, with what went back."""

from django.contrib import admin

from bookings.admin_lists import BigPaginator
from bookings.admin_search import RecognisedSearch
from bookings.admin_show import link, money, stripe_link
from bookings.admin_unfold import coloured, display
from payments.admin_filters import CurrencyFilter, PeriodFilter
from payments.admin_period import PeriodPages
from payments.admin_replay import ReplayPages
from payments.models import PaymentTransaction, WebhookEvent

EVENT_COLOURS = {"Failed": "danger", "Refused": "danger", "Waiting": "warning", "Processed": "success"}


@admin.register(PaymentTransaction)
class PaymentTransactionAdmin(PeriodPages, RecognisedSearch[PaymentTransaction]):
    """Money that really moved, newest first."""

    list_display = ("occurred_at", "of_booking", "kind", "sum", "at_stripe")
    list_select_related = ("booking",)
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
    search_help_text = "BK-…, pi_…, re_…, du_… or an e-mail address"
    fields = ("of_booking", "of_payment", "kind", "sum", "at_stripe", "occurred_at", "recorded_at")
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

    @display(description="Booking")
    def of_booking(self, line: PaymentTransaction) -> str:
        return link(line.booking)

    @display(description="Payment")
    def of_payment(self, line: PaymentTransaction) -> str:
        return link(line.payment)

    @display(description="Amount")
    def sum(self, line: PaymentTransaction) -> str:
        return money(line)

    @display(description="At Stripe")
    def at_stripe(self, line: PaymentTransaction) -> str:
        return stripe_link(line.stripe_id)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReplayPages, RecognisedSearch[WebhookEvent]):
    """What Stripe told us, and what each event did."""

    list_display = ("received_at", "type", "state", "did", "attempts", "about")
    list_filter = ("status",)
    sortable_by = ()
    paginator = BigPaginator
    search_columns = {
        "evt_": "stripe_event_id",
        "pi_": "object_id",
        "re_": "object_id",
        "pyr_": "object_id",
        "ch_": "object_id",
        "du_": "object_id",
        ".": "type",
    }
    search_help_text = "evt_…, pi_…, re_…, ch_…, du_… or a type such as refund.created"
    fields = (
        "at_stripe",
        "type",
        "status",
        "came_by",
        "about",
        "note",
        "error",
        "attempts",
        "next_attempt_at",
        "created_at",
        "received_at",
        "processed_at",
        "payload",
    )

    @coloured("Status", EVENT_COLOURS)
    def state(self, event: WebhookEvent) -> str:
        return event.get_status_display()

    @display(description="What it did")
    def did(self, event: WebhookEvent) -> str:
        return event.error or event.note or "-"

    @display(description="About")
    def about(self, event: WebhookEvent) -> str:
        return stripe_link(event.object_id)

    @display(description="At Stripe")
    def at_stripe(self, event: WebhookEvent) -> str:
        return stripe_link(event.stripe_event_id)

"""Refunds as staff see them: how far each has come, and what can be done about it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from backoffice.refunds import words as refund_words
from backoffice.refunds.actions import ON_A_RECORD
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.csv import CsvExport
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import link, money, stripe_link
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking, called
from backoffice.toolkit.unfold import coloured, display
from bookings.models import Business
from core.language import Words
from refunds import account
from refunds.models import RefundRecord, RefundStatus
from refunds.wording import customer as words

COLOURS = {
    gettext_lazy("Refunded"): "success",
    gettext_lazy("Returned by the bank"): "danger",
    gettext_lazy("Needs a person"): "danger",
    gettext_lazy("Outcome unknown"): "warning",
    gettext_lazy("On hold"): "warning",
    gettext_lazy("Cancelled at Stripe"): "warning",
    gettext_lazy("Queued"): "info",
    gettext_lazy("Being sent"): "info",
    gettext_lazy("Pending at Stripe"): "info",
}


class StateFilter(admin.SimpleListFilter):
    """One state, or several with commas between."""

    title, parameter_name = "state", "status"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in RefundStatus.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RefundRecord]) -> QuerySet[RefundRecord]:
        states = self.value()
        return queryset.filter(status__in=states.split(",")) if states else queryset


class WhyFilter(admin.SimpleListFilter):
    """Why money goes back."""

    title, parameter_name = "why", "rule"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Words]]:
        return list(refund_words.WHY.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[RefundRecord]) -> QuerySet[RefundRecord]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


@admin.register(RefundRecord)
class RefundRecordAdmin(
    OfBooking, ActionPages[RefundRecord], CsvExport[RefundRecord], RecognisedSearch[RefundRecord]
):
    """Money owed back; only the actions change anything."""

    row_actions = ON_A_RECORD
    list_display = ("requested_at", "customer", "of_booking", "sum", "state", "why")
    list_select_related = WITH_BOOKING
    list_filter = (StateFilter, WhyFilter, "may_be_paid_twice")
    sortable_by = ("requested_at",)
    paginator = BigPaginator
    search_columns = {
        "BK-": "booking__reference",
        "re_": "stripe_refund_id",
        "pyr_": "stripe_refund_id",
        "pi_": "payment__stripe_payment_intent_id",
        "@": "booking__customer__in",
        "uuid": "pk",
    }
    search_help_text = gettext_lazy("BK-…, re_…, pi_…, an e-mail address or a refund's id")
    fieldsets = (
        (None, {"fields": ("customer", "of_booking", "sum", "status", "for_customer")}),
        (gettext_lazy("Why"), {"fields": ("why", "requester", "agreed_by", "reason")}),
        (
            gettext_lazy("When"),
            {"fields": ("requested_at", "first_sent_at", "next_attempt_at", "settled_at")},
        ),
        (
            gettext_lazy("Technical"),
            {
                "classes": ("collapse",),
                "fields": (
                    "of_payment",
                    "at_stripe",
                    "failure_reason",
                    "bank_reference",
                    "last_error",
                    "attempts",
                    "generation",
                    "held_for",
                    "may_be_paid_twice",
                    "decision",
                ),
            },
        ),
    )
    csv_columns = (
        "id",
        "booking__reference",
        "amount",
        "currency",
        "status",
        "rule",
        "requested_by",
        "reason",
        "stripe_refund_id",
        "failure_reason",
        "requested_at",
        "settled_at",
    )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The figures that steer lead here by the time of the appointment."""
        of_month = lookup in ("booking__starts_at__gte", "booking__starts_at__lt")
        return of_month or super().lookup_allowed(lookup, value, request)

    @display(description=gettext_lazy("Payment"))
    def of_payment(self, record: RefundRecord) -> str:
        return link(record.payment)

    @display(description=gettext_lazy("Asked by"))
    def requester(self, record: RefundRecord) -> str:
        return refund_words.asker(record)

    @display(description=gettext_lazy("Approved by"))
    def agreed_by(self, record: RefundRecord) -> str:
        return called(record.approved_by)

    @display(description=gettext_lazy("Why"))
    def why(self, record: RefundRecord) -> str:
        return str(refund_words.WHY.get(record.rule, record.rule))

    @display(description=gettext_lazy("Amount"))
    def sum(self, record: RefundRecord) -> str:
        return money(record)

    @coloured(gettext_lazy("State"), COLOURS)
    def state(self, record: RefundRecord) -> str:
        return record.get_status_display()

    @display(description=gettext_lazy("What the customer reads"))
    def for_customer(self, record: RefundRecord) -> str:
        to_come = account.to_come(account.read(record.payment)).get(record.pk)
        return words.of_record(record, Business.current().zone, to_come=to_come)

    @display(description=gettext_lazy("At Stripe"))
    def at_stripe(self, record: RefundRecord) -> str:
        return stripe_link(record.stripe_refund_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundRecord]:
        found: QuerySet[RefundRecord] = super().get_queryset(request)
        return found.select_related(*WITH_BOOKING, "payment", "approved_by")

    def name_of(self, row: RefundRecord) -> str:
        return refund_words.name_of(row)

    def advice(self, row: RefundRecord) -> str:
        return refund_words.advice(row)

    def is_urgent(self, row: RefundRecord) -> bool:
        return refund_words.is_urgent(row)

    def facts_of(self, row: RefundRecord) -> dict[str, Any]:
        return refund_words.facts(row)

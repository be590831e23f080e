"""Disputes as staff see and answer them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.disputes import page, words
from backoffice.disputes.actions import ON_A_DISPUTE
from backoffice.toolkit.actions import ActionPages
from backoffice.toolkit.csv import CsvExport
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import money
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking
from backoffice.toolkit.unfold import coloured, display
from refunds.dispute_response import facts, timeline
from refunds.disputes import words as disputes_words
from refunds.models import Dispute

COLOURS = {
    disputes_words.STATES["needs_response"]: "danger",
    disputes_words.STATES["warning_needs_response"]: "warning",
    disputes_words.STATES["under_review"]: "info",
    disputes_words.STATES["won"]: "success",
}


@admin.register(Dispute)
class DisputeAdmin(OfBooking, ActionPages[Dispute], CsvExport[Dispute], RecognisedSearch[Dispute]):
    """Chargebacks and inquiries; the open ones that are due first come first."""

    row_actions = ON_A_DISPUTE
    change_form_template = "backoffice/dispute/page.html"
    list_display = ("opened_at", "customer", "of_booking", "sum", "why", "state", "answer_until")
    list_select_related = WITH_BOOKING
    list_filter = ("is_open", "reason")
    sortable_by = ("opened_at",)
    ordering = ("-is_open", "evidence_due_by", "-opened_at")
    paginator = BigPaginator
    fields = ("stripe_dispute_id",)
    search_columns = {
        "BK-": "booking__reference",
        "du_": "stripe_dispute_id",
        "pi_": "payment__stripe_payment_intent_id",
        "@": "booking__customer__in",
    }
    search_help_text = gettext_lazy("BK-…, du_…, pi_… or an e-mail address")
    csv_columns = (
        "stripe_dispute_id",
        "booking__reference",
        "amount",
        "currency",
        "reason",
        "status",
        "is_open",
        "withdrawn",
        "opened_at",
        "evidence_due_by",
        "submitted_at",
        "resolved_at",
    )

    @display(description=gettext_lazy("Disputed"))
    def sum(self, dispute: Dispute) -> str:
        return money(dispute)

    @display(description=gettext_lazy("The customer says"))
    def why(self, dispute: Dispute) -> str:
        return str(disputes_words.reason(dispute).means)

    @coloured(gettext_lazy("State"), COLOURS)
    def state(self, dispute: Dispute) -> str:
        return disputes_words.state(dispute)

    @display(description=gettext_lazy("Time to answer"))
    def answer_until(self, dispute: Dispute) -> str:
        if not dispute.is_open or dispute.submitted_at:
            return "-"
        return disputes_words.time_left(dispute.evidence_due_by, timezone.now()) or _("no answer taken")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        found: QuerySet[Dispute] = super().get_queryset(request)
        return found.select_related(*WITH_BOOKING, "payment", "resolved_by")

    def name_of(self, row: Dispute) -> str:
        return words.name_of(row)

    def advice(self, row: Dispute) -> str:
        return words.advice(row)

    def is_urgent(self, row: Dispute) -> bool:
        return words.is_urgent(row)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.timeline_view)
        return [
            path("<path:object_id>/timeline.pdf", view, name="refunds_dispute_timeline"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        dispute = self.get_object(request, object_id)
        may_look = dispute is not None and self.has_view_permission(request, dispute)
        more = page.of_dispute(dispute, timezone.now()) if dispute and may_look else {}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def timeline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The timeline as it would be staged now."""
        dispute = self.get_object(request, object_id)
        if dispute is None or not self.has_view_permission(request, dispute):
            raise Http404
        pdf = timeline.render(facts.of(dispute, timezone.now()))
        shown = f'inline; filename="timeline-{dispute.booking.reference}.pdf"'
        return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": shown})

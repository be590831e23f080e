"""Where the books differ from Stripe's, and the comparisons that found it."""

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.bookings.page import staff_names
from backoffice.toolkit.actions import Action, ActionPages, Done, NeedsReasonForm
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.readonly import ReadOnlyAdmin
from backoffice.toolkit.show import stripe_link
from backoffice.toolkit.sold import WITH_BOOKING, OfBooking, appointment, called
from backoffice.toolkit.unfold import coloured, display
from core.money import in_words
from refunds.models import Finding, ReconciliationRun
from refunds.reconciliation import findings, run
from refunds.wording.trail import who

ACCEPT_PERMISSION, COMPARE_PERMISSION = "refunds.accept_finding", "refunds.reconcile"

MONEY = re.compile(r"(-?\d+) ([a-z]{3})")


SUBJECTS = {
    "payment_intent": "payment",
    "refund": "refund",
    "dispute": "dispute",
    "movement": gettext_lazy("movement of money"),
}
ADVICE = {
    "missing_here": gettext_lazy(
        "Stripe has a {what} that isn't in our books. Look at it in Stripe's dashboard: if it "
        "belongs to a booking, apply Stripe's events again; if it was made by hand, close this "
        "with a note that says what it was."
    ),
    "missing_there": gettext_lazy(
        "We have a {what} that Stripe doesn't know. Nothing was moved by it: check the key that "
        "is set, and close this with a note once you know why."
    ),
    "state": gettext_lazy(
        "Our {what} is in another state than Stripe's. Compare now; if it stays, look at both "
        "and close this with a note that says which is right."
    ),
    "amount": gettext_lazy(
        "Our {what} has another amount or currency than Stripe's. Look at both; what the "
        "customer is owed is put right by a refund, then close this with a note."
    ),
    "record_lost": gettext_lazy(
        "This {what} was made here, but its record is lost, as after restoring an old backup. "
        "Check whether the customer got the money, and close this with a note."
    ),
}


def accept(finding: Finding, done: Done) -> str:
    findings.accept(finding, by=done.by, now=done.now, note=done.given["reason"])
    return _("Closed. It opens again if it changes.")


ACCEPT = Action(
    name="accept",
    label=gettext_lazy("Close with a note"),
    permission=ACCEPT_PERMISSION,
    explain=gettext_lazy("No money moves: you say why the difference may stay, or how it was settled."),
    run=accept,
    fits=lambda finding: finding.resolved_at is None,
    form=NeedsReasonForm,
    icon="task_alt",
)


@admin.register(Finding)
class FindingAdmin(OfBooking, ActionPages[Finding]):
    """Differences that could not be healed; each closes itself once it is gone."""

    row_actions = (ACCEPT,)
    list_display = ("first_seen", "what", "state", "customer", "of_booking", "ours", "theirs", "at_stripe")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = WITH_BOOKING
    sortable_by = ()
    paginator = BigPaginator
    fieldsets = (
        (None, {"fields": ("kind", "customer", "of_booking", "ours", "theirs", "first_seen", "last_seen")}),
        (gettext_lazy("How it ended"), {"fields": ("state", "resolved_at", "closed_by", "resolution")}),
        (
            gettext_lazy("Technical"),
            {"classes": ("collapse",), "fields": ("subject", "at_stripe", "booking_at_stripe")},
        ),
    )

    @display(description=gettext_lazy("Difference"))
    def what(self, finding: Finding) -> str:
        return finding.get_kind_display()

    @coloured(gettext_lazy("State"), {gettext_lazy("Open"): "danger"})
    def state(self, finding: Finding) -> str:
        return finding.get_status_display()

    @display(description=gettext_lazy("Closed by"))
    def closed_by(self, finding: Finding) -> str:
        by = finding.resolved_by
        return who(by, staff_names([by])) if by else "-"

    @display(description=gettext_lazy("Here"))
    def ours(self, finding: Finding) -> str:
        return _side(finding.detail["ours"])

    @display(description=gettext_lazy("At Stripe"))
    def theirs(self, finding: Finding) -> str:
        return _side(finding.detail["theirs"])

    @display(description=gettext_lazy("Booking, as Stripe remembers it"))
    def booking_at_stripe(self, finding: Finding) -> str:
        return str(finding.detail.get("booking", "-"))

    @display(description=gettext_lazy("Stripe's object"))
    def at_stripe(self, finding: Finding) -> str:
        return stripe_link(finding.stripe_id)

    def name_of(self, row: Finding) -> str:
        return row.get_kind_display()

    def advice(self, row: Finding) -> str:
        return advice(row)

    def is_urgent(self, row: Finding) -> bool:
        return row.resolved_at is None

    def facts_of(self, row: Finding) -> dict[str, Any]:
        booking = row.booking
        whose = {}
        if booking is not None:
            whose = {_("Customer"): called(booking.customer), _("Appointment"): appointment(booking)}
        sides = {_("Here"): self.ours(row), _("At Stripe"): self.theirs(row)}
        return {_("Difference"): row.get_kind_display()} | whose | sides


def advice(finding: Finding) -> str:
    """What the difference means and what to do about it."""
    if finding.resolved_at:
        return _("This difference is closed. There is nothing to do.")
    return ADVICE[finding.kind].format(what=SUBJECTS.get(finding.subject, "entry"))


def _side(value: Any) -> str:
    """A state, an amount, or several fields; nothing where there is nothing."""
    if isinstance(value, str) and (money := MONEY.fullmatch(value)):
        return in_words(int(money[1]), money[2])
    if isinstance(value, dict):
        return ", ".join(f"{name} {value}" for name, value in value.items())
    return "nothing" if value is None else str(value)


@admin.register(ReconciliationRun)
class RunAdmin(ReadOnlyAdmin[ReconciliationRun]):
    """Comparisons with Stripe, newest first."""

    list_display = ("started_at", "source", "since", "ended", "healed", "found", "drifted")
    sortable_by = ()
    paginator = BigPaginator
    list_before_template = "backoffice/compare_now.html"
    fields = (
        "source",
        "since",
        "until",
        "started_at",
        "ended",
        "counts",
        "healed",
        "found",
        "drifted",
        "error",
    )

    @display(description=gettext_lazy("Ended"))
    def ended(self, row: ReconciliationRun) -> str:
        return _("not yet, or stopped") if row.finished_at is None else f"{row.finished_at:%H:%M:%S} UTC"

    @display(description=gettext_lazy("Drift"))
    def drifted(self, row: ReconciliationRun) -> str:
        return ", ".join(in_words(amount, currency) for currency, amount in sorted(row.drift.items())) or "-"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.compare_view)
        return [path("compare/", view, name="refunds_compare_now"), *super().get_urls()]

    def compare_view(self, request: HttpRequest) -> HttpResponse:
        """Ask, and on POST have the worker compare at once."""
        if not request.user.has_perm(COMPARE_PERMISSION):
            raise PermissionDenied
        back = reverse("admin:refunds_reconciliationrun_changelist")
        if request.method == "POST":
            run.ask_for(now=timezone.now())
            messages.success(request, _("The worker compares the books in a moment; its run appears here."))
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Compare the books with Stripe's now"),
            "opts": self.model._meta,
            "back": back,
        }
        return TemplateResponse(request, "backoffice/compare.html", context)

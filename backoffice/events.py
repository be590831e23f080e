"""Stripe's events as staff see them; one, or all that failed, can be applied again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.toolkit.actions import Action, ActionForm, ActionPages, Done
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import RecognisedSearch
from backoffice.toolkit.show import stripe_link
from backoffice.toolkit.unfold import coloured, display
from core.errors import DomainError
from payments import gateway
from payments.events import inbox, replay
from payments.models import EventStatus, WebhookEvent

EVENT_COLOURS = {
    gettext_lazy("Failed"): "danger",
    gettext_lazy("Refused"): "danger",
    gettext_lazy("Waiting"): "warning",
    gettext_lazy("Processed"): "success",
}

PERMISSION = "payments.replay_event"
ADVICE = {
    "failed": gettext_lazy(
        "Stripe told us of this and taking it in failed. Apply it again; if it fails once more, "
        "give the text below to whoever looks after the system. Nothing is lost meanwhile."
    ),
    "refused": gettext_lazy(
        "This event came from Stripe's other mode (live or test), so it had no effect. Check "
        "which keys are set."
    ),
    "pending": gettext_lazy("This event waits to be taken in. The worker does it by itself."),
}


def replay_one(event: WebhookEvent, done: Done) -> str:
    try:
        became = replay.replay_one(event, clock=timezone.now)
    except gateway.StripeFailure as error:
        detail = _("Stripe gave no answer (%(code)s). Try again in a moment.") % {"code": error.code}
        raise DomainError("stripe_unavailable", detail, status=503) from error
    if became == replay.Replayed.GONE:
        raise DomainError("gone", _("Its content was cleared, and Stripe keeps events for 30 days only."))
    event.refresh_from_db()
    return f"{event.get_status_display()}: {event.error or event.note or _('nothing to do')}"


REPLAY = Action(
    name="replay",
    label=gettext_lazy("Apply again"),
    permission=PERMISSION,
    explain=gettext_lazy("The event is applied once more. What it already did is not done twice."),
    run=replay_one,
    fits=replay.can_be_applied,
    form=ActionForm,
    icon="replay",
)


class ReplayPages(ActionPages[WebhookEvent]):
    """For the admin of events: replay on each page, and all failed ones from the list."""

    row_actions = (REPLAY,)
    list_before_template = "backoffice/replay_failed.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.replay_failed_view)
        return [path("replay-failed/", view, name="payments_webhookevent_replay_failed"), *super().get_urls()]

    def replay_failed_view(self, request: HttpRequest) -> HttpResponse:
        """Ask, and on POST let the workers try all failed events again."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        failed = WebhookEvent.objects.filter(status=EventStatus.FAILED)
        back = reverse("admin:payments_webhookevent_changelist") + "?status__exact=failed"
        if request.method == "POST":
            count = inbox.try_failed_again(now=timezone.now())
            messages.success(
                request, _("%(count)s events are applied again by the worker in a moment.") % {"count": count}
            )
            return HttpResponseRedirect(back)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Apply all failed events again"),
            "opts": self.model._meta,
            "count": failed.count(),
            "back": back,
        }
        return TemplateResponse(request, "backoffice/replay_all.html", context)


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
    search_help_text = gettext_lazy("evt_…, pi_…, re_…, ch_…, du_… or a type such as refund.created")
    fieldsets = (
        (None, {"fields": ("type", "status", "did", "received_at", "processed_at")}),
        (
            gettext_lazy("Technical"),
            {
                "classes": ("collapse",),
                "fields": (
                    "at_stripe",
                    "about",
                    "came_by",
                    "attempts",
                    "next_attempt_at",
                    "created_at",
                    "payload",
                ),
            },
        ),
    )

    @coloured(gettext_lazy("Status"), EVENT_COLOURS)
    def state(self, event: WebhookEvent) -> str:
        return event.get_status_display()

    @display(description=gettext_lazy("What it did"))
    def did(self, event: WebhookEvent) -> str:
        return event.error or event.note or "-"

    @display(description=gettext_lazy("About"))
    def about(self, event: WebhookEvent) -> str:
        return stripe_link(event.object_id)

    def name_of(self, row: WebhookEvent) -> str:
        return row.type

    def advice(self, row: WebhookEvent) -> str:
        return str(ADVICE.get(row.status, ""))

    def is_urgent(self, row: WebhookEvent) -> bool:
        return row.status == EventStatus.FAILED

    @display(description=gettext_lazy("At Stripe"))
    def at_stripe(self, event: WebhookEvent) -> str:
        return stripe_link(event.stripe_event_id)

"""Apply stored Stripe events again: one at once, or all that failed by the worker."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from bookings.admin_actions import Action, ActionForm, ActionPages, Done
from bookings.errors import DomainError
from payments import gateway, inbox, replay
from payments.models import EventStatus, WebhookEvent

PERMISSION = "payments.replay_event"


def replay_one(event: WebhookEvent, done: Done) -> str:
    try:
        became = replay.replay_one(event, clock=timezone.now)
    except gateway.StripeFailure as error:
        detail = f"Stripe gave no answer ({error.code}). Try again in a moment."
        raise DomainError("stripe_unavailable", detail, status=503) from error
    if became == replay.Replayed.GONE:
        raise DomainError("gone", "Its content was cleared, and Stripe keeps events for 30 days only.")
    event.refresh_from_db()
    return f"{event.get_status_display()}: {event.error or event.note or 'nothing to do'}"


REPLAY = Action(
    name="replay",
    label="Apply again",
    permission=PERMISSION,
    explain="The event is applied once more. What it already did is not done twice.",
    run=replay_one,
    fits=lambda event: event.status != EventStatus.REFUSED,
    form=ActionForm,
    icon="replay",
)


class ReplayPages(ActionPages[WebhookEvent]):
    """For the admin of events: replay on each page, and all failed ones from the list."""

    row_actions = (REPLAY,)
    list_before_template = "admin/desk/replay_failed.html"

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
            messages.success(request, f"{count} events are applied again by the worker in a moment.")
            return HttpResponseRedirect(back)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Apply all failed events again",
            "opts": self.model._meta,
            "count": failed.count(),
            "back": back,
        }
        return TemplateResponse(request, "admin/desk/replay_all.html", context)

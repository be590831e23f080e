"""Apply stored events again, by id, type or time: each has its effect once, however often it is replayed."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet

from payments import gateway, pace
from payments.events import inbox
from payments.models import WebhookEvent

Clock = Callable[[], datetime]


class Replayed(StrEnum):
    """What became of an event."""

    PROCESSED = "processed"
    IGNORED = "ignored"
    PENDING = "pending"
    FAILED = "failed"
    REFUSED = "refused"
    GONE = "gone"


def replay(events: QuerySet[WebhookEvent], *, clock: Clock) -> Counter[Replayed]:
    """Apply these events in the order in which they happened; returns what became of how many.

    Those whose payload was emptied are fetched once more; Stripe has them for 30 days.
    """
    done: Counter[Replayed] = Counter()
    for pk in list(events.order_by("created_at", "pk").values_list("pk", flat=True)):
        done[replay_one(WebhookEvent.objects.get(pk=pk), clock=clock)] += 1
    return done


def can_be_applied(event: WebhookEvent) -> bool:
    """Whether it is of the mode that our key has now; one of another mode has no effect here."""
    return event.payload is None or bool(event.payload.get("livemode")) == settings.STRIPE_LIVEMODE


def replay_one(event: WebhookEvent, *, clock: Clock) -> Replayed:
    if event.payload is None:
        payload = _fetch(event.stripe_event_id, clock)
        if payload is None:
            return Replayed.GONE
        event.payload = payload
    if not can_be_applied(event):
        return Replayed.REFUSED
    inbox.apply_stored(event, now=clock())
    return Replayed(event.status)


def fetch(event_id: str, *, clock: Clock) -> Replayed:
    """Take in an event that never arrived; raises StripeFailure if Stripe can't be asked."""
    payload = _fetch(event_id, clock)
    if payload is None:
        return Replayed.GONE
    event = inbox.take_in(payload, now=clock(), came_by=WebhookEvent.CameBy.RECONCILE)
    return replay_one(event or WebhookEvent.objects.get(stripe_event_id=event_id), clock=clock)


def _fetch(event_id: str, clock: Clock) -> gateway.Answer | None:
    pace.wait_for_slot(clock)
    try:
        return gateway.retrieve_event(event_id)
    except gateway.Refused as error:
        if error.is_missing:
            return None
        raise

"""Stripe's events, stored and applied in one transaction, and applied again while they wait or failed.

If applying fails everything is rolled back and the event is stored as failed: kept, retried, visible.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from core import clock, states
from core.storage import rows
from core.work import jobs, lease, stopping
from core.work.lease import backoff
from payments import gateway, pace
from payments.events.event_handlers import Event, EventHandler, NotYet, Stranger, handler_for
from payments.events.privacy import without_people
from payments.models import LONGEST_ID, EventStatus, WebhookEvent

log = structlog.get_logger()

# After about two days of trying a person has to look; replaying stays possible.
MOST_ATTEMPTS = 60
# What nobody here knows is let go after some minutes: the account may serve others, too.
MOST_OF_STRANGERS = 5
NOTHING = "nothing to do"
LONGEST_NOTE = 200
WAITING = (EventStatus.PENDING, EventStatus.FAILED)


class AlreadyStored(Exception):
    """Stripe delivered this event before."""


def take_in(
    payload: dict[str, Any], *, now: datetime, came_by: str = WebhookEvent.CameBy.WEBHOOK
) -> WebhookEvent | None:
    """Store and apply an event that is known to be Stripe's; None if we have it already."""
    event = Event.of(payload, came_by=came_by)
    handler = handler_for(event.type)
    if bool(payload.get("livemode")) != settings.STRIPE_LIVEMODE:
        return _store(payload, event, EventStatus.REFUSED, now, error="livemode differs from ours")
    if handler is None:
        return _store(payload, event, EventStatus.IGNORED, now, note="not a type we use")
    if handler.ask is not None:
        return _store(payload, event, EventStatus.PENDING, now, next_attempt_at=clock.due(now))
    try:
        return _store_and_apply(payload, event, handler, now)
    except NotYet as error:
        later = clock.due(now) + backoff(1)
        return _store(payload, event, EventStatus.PENDING, now, error=str(error)[:200], next_attempt_at=later)
    except Exception as error:
        log.exception("webhook.failed", stripe_event=event.id, type=event.type)
        return _store(
            payload,
            event,
            EventStatus.FAILED,
            now,
            attempts=1,
            error=_words(error),
            next_attempt_at=clock.due(now) + backoff(1),
        )


def _store_and_apply(
    payload: dict[str, Any], event: Event, handler: EventHandler, now: datetime
) -> WebhookEvent | None:
    try:
        with transaction.atomic():
            # Stored last, with what it did: one statement, and a second delivery undoes itself.
            note = handler.apply(event, None, now)
            status = EventStatus.PROCESSED if note else EventStatus.IGNORED
            return _insert(
                payload,
                event,
                status,
                now,
                attempts=1,
                note=(note or NOTHING)[:LONGEST_NOTE],
                processed_at=now,
            )
    except AlreadyStored:
        return None


def _store(
    payload: dict[str, Any], event: Event, status: EventStatus, now: datetime, **fields: Any
) -> WebhookEvent | None:
    try:
        with transaction.atomic():
            return _insert(payload, event, status, now, **fields)
    except AlreadyStored:
        return None


def _insert(
    payload: dict[str, Any], event: Event, status: EventStatus, now: datetime, **fields: Any
) -> WebhookEvent:
    row = WebhookEvent(
        stripe_event_id=event.id,
        type=event.type[:64],
        status=status,
        came_by=event.by.source,
        payload=without_people(payload),
        object_id=str(event.object.get("id") or "")[:LONGEST_ID],
        created_at=event.created,
        received_at=now,
        **fields,
    )
    if not rows.insert([row], skip_existing=True):
        raise AlreadyStored
    return row


def apply_due(clock: Callable[[], datetime], *, limit: int = 50) -> int:
    """Apply stored events that wait or failed and are due; returns how many were tried."""
    due = WebhookEvent.objects.filter(status__in=WAITING, next_attempt_at__lte=clock())
    tried = 0
    for row in due.order_by("next_attempt_at")[:limit]:
        if stopping.is_told():
            break
        if _claim(row, clock()):
            _wait_to_ask(row, clock)
            apply_stored(row, now=clock())
            tried += 1
    return tried


def _wait_to_ask(row: WebhookEvent, clock: Callable[[], datetime]) -> None:
    handler = handler_for(row.type)
    if handler is not None and handler.ask is not None:
        pace.wait_for_slot(clock)


def try_failed_again(*, now: datetime) -> int:
    """Make all failed events due, also those that were given up; returns how many."""
    count = WebhookEvent.objects.filter(status=EventStatus.FAILED).update(next_attempt_at=clock.due(now))
    jobs.wake()
    return count


def _claim(row: WebhookEvent, now: datetime) -> bool:
    """Keep other workers from asking Stripe the same, until the lease runs out."""
    seen = WebhookEvent.objects.filter(pk=row.pk, status=row.status, next_attempt_at=row.next_attempt_at)
    return seen.update(next_attempt_at=now + lease.LEASE) == 1


def apply_stored(row: WebhookEvent, *, now: datetime) -> None:
    """Apply a stored event once more: it has its effect once, however often this is called."""
    handler = handler_for(row.type)
    if handler is None or row.payload is None:
        if row.status in WAITING:
            states.move(row, EventStatus.IGNORED, note="can't be applied any more")
        return
    tried: dict[str, Any] = {"attempts": row.attempts + 1}
    try:
        event = Event.of(row.payload, came_by=row.came_by)
        facts = handler.ask(event) if handler.ask else None
        with transaction.atomic():
            note = handler.apply(event, facts, now)
            _done(row, note, now, tried)
    except states.Overtaken:
        log.info("webhook.overtaken", stripe_event=row.stripe_event_id)
    except Exception as error:
        waits = isinstance(error, (NotYet, gateway.StripeFailure))
        if not waits:
            log.exception("webhook.failed", stripe_event=row.stripe_event_id, type=row.type)
        with suppress(states.Overtaken):
            _try_later(row, EventStatus.PENDING if waits else EventStatus.FAILED, error, now, tried)


def _done(row: WebhookEvent, note: str, now: datetime, tried: dict[str, Any]) -> None:
    if row.status == EventStatus.PROCESSED and not note:
        states.move(row, row.status, **tried)  # a replay: what it did the first time stands
        return
    status = EventStatus.PROCESSED if note else EventStatus.IGNORED
    states.move(row, status, note=(note or NOTHING)[:LONGEST_NOTE], error="", processed_at=now, **tried)


def _try_later(
    row: WebhookEvent, status: EventStatus, error: Exception, now: datetime, tried: dict[str, Any]
) -> None:
    is_strange = isinstance(error, Stranger)
    parked = tried["attempts"] >= (MOST_OF_STRANGERS if is_strange else MOST_ATTEMPTS)
    if parked:
        status = EventStatus.IGNORED if is_strange else EventStatus.FAILED
    next_attempt_at = None if parked else now + backoff(tried["attempts"])
    states.move(row, status, error=_words(error), next_attempt_at=next_attempt_at, **tried)


def _words(error: Exception) -> str:
    """Our own exceptions speak; others may carry data, so only their kind is kept."""
    ours = isinstance(error, (NotYet, gateway.StripeFailure, states.ForbiddenArrow, states.Overtaken))
    return (f"{type(error).__name__}: {error}" if ours else type(error).__name__)[:200]

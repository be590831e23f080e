"""Events that never arrived are fetched and taken in, as if Stripe had delivered them just now."""

from datetime import timedelta

from payments import gateway
from payments.events import inbox
from payments.events.event_handlers import SUBSCRIBED
from payments.models import EventStatus, WebhookEvent
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.window import Window

# Stripe keeps them for 30 days; what is older is found by listing the objects themselves.
KEPT_FOR = timedelta(days=30)


def take_in(comparison: Comparison, window: Window) -> None:
    """Fetch what we don't have, a day at a time, and apply it oldest first."""
    for day in window.slices(not_before=comparison.now - KEPT_FOR):
        missed = _missed(comparison, day)
        comparison.tally.seen["missed_event"] += len(missed)
        if not comparison.dry_run:
            for payload in reversed(missed):
                _apply(comparison, payload)


def _missed(comparison: Comparison, day: Window) -> list[gateway.Answer]:
    missed: list[gateway.Answer] = []
    for page in comparison.paced(gateway.event_pages(*day.unix, types=SUBSCRIBED)):
        comparison.tally.seen["event"] += len(page)
        here = WebhookEvent.objects.filter(stripe_event_id__in=[event["id"] for event in page])
        known = set(here.values_list("stripe_event_id", flat=True))
        missed += [event for event in page if event["id"] not in known]
    return sorted(missed, key=lambda event: int(event["created"]), reverse=True)


def _apply(comparison: Comparison, payload: gateway.Answer) -> None:
    now = comparison.now
    row = inbox.take_in(payload, now=now, came_by=WebhookEvent.CameBy.RECONCILE)
    if row is None:
        return
    waits_for_a_look = row.status == EventStatus.PENDING and not row.error
    if waits_for_a_look:
        inbox.apply_stored(row, now=now)
    comparison.tally.healed += row.status == EventStatus.PROCESSED

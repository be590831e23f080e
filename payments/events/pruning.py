"""Payloads of old events are emptied: they hold more of people than we need. What they did stays."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from payments.models import EventStatus, WebhookEvent

BATCH = 1000
# They have yet to have their effect, and after 30 days Stripe doesn't have them any more.
STILL_NEEDED = (EventStatus.PENDING, EventStatus.FAILED)


def prune_payloads(clock: Callable[[], datetime]) -> int:
    """Empty payloads older than WEBHOOK_PAYLOAD_DAYS, in batches; returns how many."""
    oldest = clock() - timedelta(days=settings.WEBHOOK_PAYLOAD_DAYS)
    full = WebhookEvent.objects.filter(payload__isnull=False, received_at__lt=oldest).order_by("received_at")
    full = full.exclude(status__in=STILL_NEEDED)
    emptied = 0
    while pks := list(full.values_list("pk", flat=True)[:BATCH]):
        emptied += WebhookEvent.objects.filter(pk__in=pks).update(payload=None)
    return emptied

"""Figures for the operator's monitoring, read from the database when asked: all processes agree.

No names, addresses or ids: only counts, ages and sums.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from backoffice.home import attention
from bookings.calendar import reminder_times
from bookings.models import Message
from core import clock
from core.storage import replica
from core.work import heartbeat
from payments.models import WebhookEvent
from refunds.models import ReconciliationRun, RefundRecord

LOOPBACK = ("127.0.0.1", "::1")
# A proxy on this machine is on the loopback, too: whoever it speaks for is not.
SPEAKS_FOR = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for this machine and for whoever has METRICS_TOKEN; 403 for others."""
    if not (_is_local(request) or _has_token(request)):
        return HttpResponse("Not for you.\n", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Figures(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    is_near = request.META.get("REMOTE_ADDR") in LOOPBACK
    return is_near and not any(name in request.headers for name in SPEAKS_FOR)


def _has_token(request: HttpRequest) -> bool:
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())


class Figures(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._attention()
        yield from self._waiting()
        yield from self._reconciliation()
        yield self._age(
            "worker_heartbeat_age_seconds", "Since a worker was last seen.", heartbeat.last_seen()
        )
        yield self._threads()
        if replica.is_set_up():
            lag = replica.lag(self.now)
            seconds = float("nan") if lag is None else lag.total_seconds()
            yield GaugeMetricFamily("replica_lag_seconds", "Age of the replica's newest news.", value=seconds)

    def _threads(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "worker_thread_age_seconds", "Since a worker's thread last went around.", labels=["thread"]
        )
        for thread, seen in heartbeat.threads().items():
            family.add_metric([thread], max((self.now - seen).total_seconds(), 0))
        return family

    def _attention(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("attention", "What needs a person.", labels=["kind"])
        ages = GaugeMetricFamily("attention_oldest_seconds", "Age of the oldest of them.", labels=["kind"])
        for kind, rows in attention.concerns(self.now).items():
            count, since = attention.count_and_oldest(rows)
            family.add_metric([kind], count)
            ages.add_metric([kind], max((self.now - since).total_seconds(), 0) if since else 0)
        yield family
        yield ages

    def _waiting(self) -> Iterator[GaugeMetricFamily]:
        due = RefundRecord.objects.filter(status__in=("queued", "sending", "unknown"))
        events = WebhookEvent.objects.filter(
            status__in=("pending", "failed"), next_attempt_at__isnull=False
        ).order_by()
        waiting = Message.objects.filter(sent_at=None, next_attempt_at__isnull=False)
        mails = waiting.exclude(kind__in=reminder_times.KINDS, attempts=0)
        yield GaugeMetricFamily("refunds_due", "Refunds that are to go to Stripe.", value=due.count())
        yield self._age(
            "refund_oldest_due_seconds", "Age of the oldest of them.", _first(due, "requested_at"), without=0
        )
        yield GaugeMetricFamily("webhook_events_waiting", "Events not yet applied.", value=events.count())
        yield self._age(
            "webhook_lag_seconds", "Age of the oldest of them.", _first(events, "received_at"), without=0
        )
        newest = WebhookEvent.objects.order_by("-received_at", "-id").first()
        if newest is not None:
            took = (newest.received_at - newest.created_at).total_seconds()
            yield GaugeMetricFamily("webhook_delivery_seconds", "From Stripe to us, the newest.", value=took)
        yield GaugeMetricFamily("mails_pending", "Mail that waits to be sent.", value=mails.count())

    def _reconciliation(self) -> Iterator[GaugeMetricFamily]:
        run = ReconciliationRun.objects.filter(finished_at__isnull=False).order_by("-started_at").first()
        drift = GaugeMetricFamily(
            "drift_minor_units", "Our statement less Stripe's in the last comparison.", labels=["currency"]
        )
        for currency, amount in (run.drift if run else {}).items():
            drift.add_metric([currency], amount)
        yield drift
        yield self._age(
            "reconciliation_age_seconds",
            "Since the books were last compared.",
            run.finished_at if run else None,
        )

    def _age(
        self, name: str, words: str, since: datetime | None, *, without: float = float("nan")
    ) -> GaugeMetricFamily:
        age = without if since is None else max((self.now - since).total_seconds(), 0)
        return GaugeMetricFamily(name, words, value=age)


def _first(rows: "QuerySet[RefundRecord] | QuerySet[WebhookEvent]", field: str) -> datetime | None:
    return rows.order_by(field).values_list(field, flat=True).first()

from argparse import ArgumentParser
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from payments import gateway
from payments.events import replay
from payments.events.replay import Replayed
from payments.models import EventStatus, WebhookEvent
from refunds.reconciliation import window

BAD = (Replayed.FAILED, Replayed.GONE)


class Command(BaseCommand):
    help = "Applies stored Stripe events again, in order; each has its effect once. Exit 1 if one failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="evt_…", help="unknown ones are fetched from Stripe")
        parser.add_argument("--type", help="all of this type, such as refund.updated")
        parser.add_argument(
            "--since", metavar="48h", help="that happened since: 48h, 30d or 2026-11-23T10:00Z"
        )
        parser.add_argument("--until", metavar="1h", help="that happened before: the same forms")
        parser.add_argument("--failed", action="store_true", help="only those that failed")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = options["ids"]
        if not ids and not any(options[name] for name in ("type", "since", "until", "failed")):
            raise CommandError("Say which: ids, --type, --since, --until or --failed.")
        try:
            done = _replay(ids, _wanted(options)) if ids else _replay_all(_wanted(options))
        except gateway.StripeFailure as error:
            raise CommandError(f"Stripe can't be asked ({error.code}); run it again later.") from error
        self.stdout.write(", ".join(f"{count} {word}" for word, count in sorted(done.items())) or "none")
        if any(done[bad] for bad in BAD):
            raise SystemExit(1)


def _replay_all(filters: dict[str, Any]) -> Counter[Replayed]:
    return replay.replay(WebhookEvent.objects.filter(**filters), clock=timezone.now)


def _replay(ids: list[str], filters: dict[str, Any]) -> Counter[Replayed]:
    known = WebhookEvent.objects.filter(stripe_event_id__in=ids)
    unknown = set(ids) - set(known.values_list("stripe_event_id", flat=True))
    fetched = Counter(replay.fetch(event_id, clock=timezone.now) for event_id in sorted(unknown))
    return fetched + replay.replay(known.filter(**filters), clock=timezone.now)


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if options["type"]:
        filters["type"] = options["type"]
    if options["failed"]:
        filters["status"] = EventStatus.FAILED
    for name, lookup in (("since", "created_at__gte"), ("until", "created_at__lt")):
        if options[name]:
            filters[lookup] = _moment(options[name])
    return filters


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is not None and moment.utcoffset() is not None:
        return moment
    try:
        back: timedelta = window.span(text)
    except ValueError as error:
        raise CommandError(f"{error}, nor a time with its offset such as 2026-11-23T10:00Z.") from error
    return timezone.now() - back

"""The webhook: an endpoint at Stripe that points here, and an event that came through."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import reverse

from operations.setup.result import Result, failed, ok, warning
from payments import gateway
from payments.events.event_handlers import SUBSCRIBED
from payments.models import EventStatus, WebhookEvent

MEND = "Run `manage.py setup_refund_system --create-webhook URL`, which makes or repairs it."


def endpoint(now: datetime) -> Iterator[Result]:
    """Stripe has an enabled endpoint that points here, at our API version, with the needed events."""
    yield ok("events", "refund.succeeded doesn't exist at Stripe: refund.created and refund.updated tell it")
    try:
        here = [found for found in gateway.endpoints() if points_here(found["url"])]
    except gateway.StripeFailure as error:
        yield failed("webhook endpoint", f"couldn't be looked up ({error.code})", "Mend the key first.")
        return
    enabled = [found for found in here if found["status"] == "enabled"]
    if not here and not settings.STRIPE_LIVEMODE and _delivered().exists():
        advice = f"Fine for `stripe listen`; a site needs an endpoint. {MEND}"
        yield warning("webhook endpoint", "events arrive, though Stripe has none that points here", advice)
    elif not here:
        yield failed("webhook endpoint", "Stripe has none that points here", MEND)
    elif not enabled:
        yield failed("webhook endpoint", "it is disabled", MEND)
    elif len(enabled) > 1:
        advice = f"Delete all but the one whose secret you use; {MEND}"
        yield warning("webhook endpoint", f"{len(enabled)} point here, so events come twice", advice)
    else:
        yield _judged(enabled[0])


def points_here(url: str) -> bool:
    """Whether the address is our webhook's on one of our hosts."""
    parts = urlsplit(url)
    known = validate_host((parts.hostname or "").lower(), settings.ALLOWED_HOSTS)
    return known and parts.path == reverse("webhook")


def _judged(found: dict[str, Any]) -> Result:
    missing, needless = differences(found["enabled_events"])
    version = version_of(found)
    if version != gateway.API_VERSION:
        return failed("webhook endpoint", f"API version {version}, not {gateway.API_VERSION}", MEND)
    if missing:
        return failed("webhook endpoint", f"doesn't send {', '.join(missing)}", MEND)
    if needless:
        what = "all other types" if "*" in needless else ", ".join(needless)
        return warning("webhook endpoint", f"also sends {what}, to no effect", MEND)
    return ok("webhook endpoint", f"{found['url']} at {version}, {len(SUBSCRIBED)} event types")


def differences(enabled: list[str]) -> tuple[list[str], list[str]]:
    """What an endpoint should send but doesn't, and what it sends without need (`*` is everything)."""
    missing = [] if "*" in enabled else sorted(set(SUBSCRIBED) - set(enabled))
    return missing, sorted(set(enabled) - set(SUBSCRIBED))


def version_of(found: dict[str, Any]) -> str | None:
    """An endpoint without a version has the account's: what arrives tells which that is."""
    if version := found.get("api_version"):
        return str(version)
    payload = _delivered().values_list("payload", flat=True).first()
    return payload.get("api_version") if payload else None


def _delivered() -> Any:
    came = WebhookEvent.objects.filter(came_by=WebhookEvent.CameBy.WEBHOOK)
    return came.exclude(status=EventStatus.REFUSED).exclude(payload=None).order_by("-received_at", "-id")


def delivery(now: datetime) -> Iterator[Result]:
    """An event that Stripe signed and we verified proves address and secret, both."""
    newest = _delivered().first()
    if newest is None:
        advice = "Start the server, then run this with --send-test-event."
        yield warning("webhook delivery", "no event has arrived yet, so the secret is unproven", advice)
    else:
        yield ok("webhook delivery", f"last proven {newest.received_at:%Y-%m-%d %H:%M} UTC")

"""Make or repair our webhook endpoint at Stripe, and have it prove itself by an event."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from operations.setup import webhook
from payments import gateway
from payments.events.event_handlers import SUBSCRIBED
from payments.models import WebhookEvent

PATIENCE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Endpoint:
    """`secret` is only known when it was just created; `others` point to the same address."""

    id: str
    url: str
    is_new: bool
    secret: str | None
    others: tuple[str, ...]


class BadAddress(Exception):
    """Not an address that Stripe could post our events to."""


def make_or_repair(url: str) -> Endpoint:
    """See to one enabled endpoint with exactly our events at our API version.

    The version of an endpoint can't be changed, so one with another version gets a successor.
    Raises BadAddress, StripeFailure.
    """
    _refuse_unless_usable(url)
    there = [found for found in gateway.endpoints() if found["url"] == url]
    right = next((found for found in there if webhook.version_of(found) == gateway.API_VERSION), None)
    if right is None:
        answer = gateway.create_endpoint(url, SUBSCRIBED)
    else:
        answer = gateway.repair_endpoint(right["id"], SUBSCRIBED)
    others = tuple(found["id"] for found in there if found["id"] != answer["id"])
    return Endpoint(answer["id"], url, right is None, answer.get("secret"), others)


def _refuse_unless_usable(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not settings.STRIPE_API_BASE:
        raise BadAddress("Stripe posts to https only.")
    if not webhook.points_here(url):
        hosts = ", ".join(settings.ALLOWED_HOSTS)
        raise BadAddress(f"It must end in {reverse('webhook')}, on one of ALLOWED_HOSTS ({hosts}).")


def prove() -> bool:
    """Provoke an event at Stripe and wait until it has come through; False if it doesn't in 30 s."""
    about = gateway.provoke_event()
    arrived = WebhookEvent.objects.filter(object_id=about, came_by=WebhookEvent.CameBy.WEBHOOK)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not arrived.exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_SECONDS)
    return True

"""What Stripe posts: verified before anything is believed, then taken in."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from payments import gateway
from payments.events import inbox
from payments.events.event_handlers import Event
from payments.models import WebhookEvent

TOLERANCE_SECONDS = 300


class BadWebhook(Exception):
    """Not from Stripe, or not an event. Nothing was stored."""


def receive(body: bytes, signature: str, *, now: datetime) -> WebhookEvent | None:
    """Verify, store and apply one delivery; None if we have it already.

    Raises BadWebhook. Any other exception means that it could not be stored, so Stripe must send it again.
    """
    return inbox.take_in(verified(body, signature), now=now)


def verified(body: bytes, signature: str) -> dict[str, Any]:
    """Return the event's JSON if any configured secret signed it; raises BadWebhook.

    STRIPE.md B5: the SDK raises TypeError on a non-ASCII signature and ValueError on bad UTF-8.
    """
    try:
        text = body.decode()
        fits = any(
            gateway.signature_fits(text, signature, secret, tolerance=TOLERANCE_SECONDS)
            for secret in settings.STRIPE_WEBHOOK_SECRETS
        )
    except (ValueError, TypeError):
        fits = False
    if not fits:
        raise BadWebhook("signature")
    try:
        return _event(text)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadWebhook("not an event") from error


def _event(text: str) -> dict[str, Any]:
    # PostgreSQL's JSON has no place for a null character, and no field that we use has one.
    payload: dict[str, Any] = json.loads(text.replace("\\u0000", "\\ufffd"))
    Event.of(payload)
    # What no database keeps is no event either: NaN, half a character, endless nesting.
    json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    return payload

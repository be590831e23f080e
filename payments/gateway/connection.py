"""The client of Stripe's SDK, and its errors and answers in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from payments.gateway.failures import Busy, Misconfigured, Refused, Unclear

API_VERSION = "2026-10-28.endive"
# Together below the workers' lease, retries and all (core/lease.py).
CONNECT_SECONDS, READ_SECONDS = 3.05, 20.0

Answer = dict[str, Any]


@lru_cache(maxsize=1)
def client() -> stripe.StripeClient:
    """Return this process's client, made after the fork: sessions are kept per thread."""
    base = settings.STRIPE_API_BASE
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=API_VERSION,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        base_addresses={"api": base, "files": base} if base else {},
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the SDK's errors into ours, by what they mean for the one who called."""
    try:
        yield
    except stripe.RateLimitError as error:
        raise Busy(_code(error), status=429, retry_after=_retry_after(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Misconfigured(_code(error), status=error.http_status) from error
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        raise Refused(_code(error), status=error.http_status) from error
    except stripe.StripeError as error:
        raise Unclear(_code(error), status=error.http_status) from error


def _code(error: stripe.StripeError) -> str:
    """Only card and request errors set `e.code`; all others have it in the body (SDK 16.1)."""
    inner = error.error
    return (
        error.code
        or getattr(inner, "code", None)
        or getattr(inner, "param", None)
        or getattr(inner, "type", None)
        or type(error).__name__
    )


def _retry_after(error: stripe.StripeError) -> float | None:
    value = (error.headers or {}).get("retry-after") if error.headers else None
    try:
        return float(value) if value else None
    except ValueError:
        return None


def plain(answer: stripe.StripeObject) -> Answer:
    return dict(answer.to_dict(for_json=True))


def id_of(expandable: Any) -> str:
    """Stripe gives an object's id, or the object itself where it was expanded; "" for nothing."""
    return str(expandable["id"] if isinstance(expandable, dict) else expandable or "")


def named(path_id: str) -> str:
    """An empty id would ask for the list instead; the SDK doesn't refuse it."""
    if not path_id:
        raise ValueError("an empty Stripe id")
    return path_id

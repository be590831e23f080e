"""The client of Stripe's SDK, and its errors and answers in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from payments.gateway import deadline
from payments.gateway.failures import Busy, Misconfigured, Refused, Unclear
from payments.gateway.transport import BoundedClient
from payments.gateway.usable import refuse_unusable

API_VERSION = "2026-10-28.endive"

Answer = dict[str, Any]


@lru_cache(maxsize=1)
def client() -> stripe.StripeClient:
    """Return this process's client, made after the fork: sessions are kept per thread."""
    base = settings.STRIPE_API_BASE
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=API_VERSION,
        max_network_retries=2,
        http_client=BoundedClient(),
        base_addresses={"api": base, "files": base} if base else {},
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the SDK's errors into ours, by what they mean for the one who called.

    Raises Busy at once when somebody waits for this and too many do already.
    """
    try:
        with deadline.seat():
            yield
    except stripe.RateLimitError as error:
        raise Busy(_code(error), status=429, retry_after=_retry_after(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Misconfigured(_code(error), status=error.http_status) from error
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        raise Refused(_code(error), status=error.http_status) from error
    except stripe.StripeError as error:
        raise Unclear(_code(error), status=error.http_status) from error
    except EmptyId:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        # The SDK stumbles over an answer that is none of Stripe's.
        raise Unclear(f"no usable answer: {type(error).__name__}") from error


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


def plain(answer: stripe.StripeObject, kind: str) -> Answer:
    """An object of Stripe's as it came. Raises Unclear if it isn't a `kind` or lacks what we need."""
    told = answer.to_dict(for_json=True)
    refuse_unusable(told, kind)
    return dict(told)


class EmptyId(ValueError):
    """Our own mistake: an empty id would ask for the list instead; the SDK doesn't refuse it."""


def id_of(expandable: Any) -> str:
    """Stripe gives an object's id, or the object itself where it was expanded; "" for nothing."""
    return str(expandable["id"] if isinstance(expandable, dict) else expandable or "")


def named(path_id: str) -> str:
    """The id, unless it is empty."""
    if not path_id:
        raise EmptyId("an empty Stripe id")
    return path_id

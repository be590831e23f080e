"""The only module that talks to Stripe. Never call it inside a transaction.

Answers are plain dicts, as in a webhook's payload, so that one handler serves both. Creating calls take
our own committed key; what a failure means is told by the exception's class.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

API_VERSION = "2026-10-28.endive"
# Together below the workers' lease, retries and all (payments/lease.py).
CONNECT_SECONDS, READ_SECONDS = 3.05, 20.0

Answer = dict[str, Any]


class StripeFailure(Exception):
    """Stripe did not do it, or we don't know. `code` is Stripe's, safe to store and to log."""

    def __init__(self, code: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after


class Refused(StripeFailure):
    """A definite no: nothing was done, and the same request won't do better."""


class Busy(StripeFailure):
    """A rate limit or an object's lock: nothing was done, ask again later."""


class Misconfigured(StripeFailure):
    """The key is wrong or lacks a permission: nothing was done."""


class Unclear(StripeFailure):
    """A time-out, a lost connection, a 5xx: it may have been done. Look before sending again."""


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


def _plain(answer: stripe.StripeObject) -> Answer:
    return dict(answer.to_dict(for_json=True))


def _get(path_id: str) -> str:
    """An empty id would ask for the list instead; the SDK doesn't refuse it."""
    if not path_id:
        raise ValueError("an empty Stripe id")
    return path_id


def create_customer(*, key: str, user_id: int) -> Answer:
    with translated():
        return _plain(
            client().v1.customers.create(
                {"metadata": {"user": str(user_id)}}, {"idempotency_key": f"customer:{key}"}
            )
        )


def create_customer_session(customer: str) -> Answer:
    """A single-use secret for the mobile payment sheet; never stored or logged."""
    with translated():
        return _plain(
            client().v1.customer_sessions.create(
                {
                    "customer": customer,
                    "components": {
                        "mobile_payment_element": {
                            "enabled": True,
                            "features": {
                                "payment_method_save": "enabled",
                                "payment_method_redisplay": "enabled",
                                "payment_method_remove": "enabled",
                            },
                        }
                    },
                }
            )
        )


def create_ephemeral_key(customer: str, *, mobile_version: str) -> Answer:
    """For older mobile SDKs, made at the SDK's API version and not at ours."""
    with translated():
        return _plain(
            client().v1.ephemeral_keys.create({"customer": customer}, {"stripe_version": mobile_version})
        )


def create_intent(*, key: str, amount: int, currency: str, customer: str, metadata: dict[str, str]) -> Answer:
    """Ask for `amount` minor units; the same key gives the same PaymentIntent."""
    with translated():
        return _plain(
            client().v1.payment_intents.create(
                {
                    "amount": amount,
                    "currency": currency,
                    "customer": customer,
                    "automatic_payment_methods": {"enabled": True},
                    "metadata": metadata,
                },
                {"idempotency_key": key},
            )
        )


def retrieve_intent(intent: str) -> Answer:
    with translated():
        return _plain(client().v1.payment_intents.retrieve(_get(intent)))


def cancel_intent(intent: str) -> Answer:
    """Make sure that nothing can be paid any more; Refused if it is too late for that."""
    with translated():
        return _plain(client().v1.payment_intents.cancel(_get(intent)))


def intents_of(customer: str) -> list[Answer]:
    with translated():
        page = client().v1.payment_intents.list({"customer": _get(customer), "limit": 100})
        return [_plain(intent) for intent in page.auto_paging_iter()]


def retrieve_charge(charge: str) -> Answer:
    with translated():
        return _plain(client().v1.charges.retrieve(_get(charge)))


def create_refund(*, key: str, intent: str, amount: int, metadata: dict[str, str]) -> Answer:
    """Send `amount` minor units back. Not retried here: the refund engine looks before it repeats."""
    with translated():
        return _plain(
            client().v1.refunds.create(
                {
                    "payment_intent": intent,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": metadata,
                },
                {"idempotency_key": key, "max_network_retries": 0},
            )
        )


def retrieve_refund(refund: str) -> Answer:
    with translated():
        return _plain(client().v1.refunds.retrieve(_get(refund)))


def refunds_of(intent: str) -> list[Answer]:
    """All refunds of a PaymentIntent in any status, newest first."""
    with translated():
        page = client().v1.refunds.list({"payment_intent": _get(intent), "limit": 100})
        return [_plain(refund) for refund in page.auto_paging_iter()]


def disputes_of(intent: str) -> list[Answer]:
    with translated():
        page = client().v1.disputes.list({"payment_intent": _get(intent), "limit": 100})
        return [_plain(dispute) for dispute in page.auto_paging_iter()]


def disputes_since(created: int) -> list[Answer]:
    """All disputes created at or after this Unix time, whatever they dispute."""
    with translated():
        page = client().v1.disputes.list({"created": {"gte": created}, "limit": 100})
        return [_plain(dispute) for dispute in page.auto_paging_iter()]


def retrieve_dispute(dispute: str) -> Answer:
    with translated():
        return _plain(client().v1.disputes.retrieve(_get(dispute)))


def signature_fits(body: str, header: str, secret: str, *, tolerance: int) -> bool:
    """Tell whether Stripe signed this body with this secret; raises ValueError or TypeError on nonsense."""
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True

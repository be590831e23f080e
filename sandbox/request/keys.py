"""API keys: any test key will do, a live one never."""

import base64

from sandbox.request.errors import StripeError
from sandbox.store.shelf import Obj

_PHONE_MAY = ("GET /v1/payment_intents/{id}", "POST /v1/payment_intents/{id}/confirm")


def check(authorization: str) -> bool:
    """Refuse all but test keys; is it a publishable one?"""
    key = _key_in(authorization)
    if not key:
        raise _refused("You did not provide an API key. Send it as `Authorization: Bearer sk_test_…`.")
    if key.startswith(("sk_live_", "rk_live_", "pk_live_")):
        raise _refused("Invalid API Key provided: a live key. The sandbox takes test keys only.")
    if not key.startswith(("sk_test_", "rk_test_", "pk_test_")):
        raise _refused("Invalid API Key provided.")
    return key.startswith("pk_test_")


def _key_in(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value).decode().partition(":")[0]
        except ValueError:
            return ""
    return value.strip()


def check_publishable(endpoint: str, raw: Obj) -> None:
    """The phone may look at its own PaymentIntent and confirm it, nothing else."""
    if endpoint not in _PHONE_MAY or "client_secret" not in raw:
        message = "This API call cannot be made with a publishable API key. Please use a secret API key."
        raise _refused(message, code="secret_key_required")


def _refused(message: str, code: str | None = None) -> StripeError:
    return StripeError(message, status=401, code=code, saved=False)

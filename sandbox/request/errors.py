"""Stripe's error envelope and the errors that more than one place raises."""

from typing import Any

from sandbox.store.shelf import Obj


class StripeError(Exception):
    """An error answer. `saved` says whether an idempotency key keeps it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type_: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = True,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.headers = headers or {}
        doc_url = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}" if code else None
        fields = {"code": code, "doc_url": doc_url, "message": message, "param": param}
        fields |= {"type": type_, **more}
        self.body: Obj = {"error": {k: v for k, v in fields.items() if v is not None}}


def missing_object(kind: str, id_: str, *, param: str = "id", status: int = 404) -> StripeError:
    """No object has that id (or it belongs to another key, mode or account)."""
    message = f"No such {kind}: '{id_}'"
    return StripeError(message, status=status, code="resource_missing", param=param)


def invalid(message: str, param: str, code: str | None = None) -> StripeError:
    """A parameter that fails validation; nothing has begun, so no key keeps it."""
    return StripeError(message, code=code, param=param, saved=False)


def missing_param(name: str) -> StripeError:
    """A required parameter isn't there."""
    return invalid(f"Missing required param: {name}.", name, "parameter_missing")


def unexpected_state(intent: Obj, message: str) -> StripeError:
    """The PaymentIntent's status doesn't allow this."""
    return StripeError(message, code="payment_intent_unexpected_state", payment_intent=intent)


def server_error() -> StripeError:
    """A 500 as Stripe gives it."""
    message = "An unknown error occurred"
    return StripeError(message, status=500, type_="api_error")

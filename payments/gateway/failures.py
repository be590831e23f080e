"""What a failure means for the one who called."""


class StripeFailure(Exception):
    """Stripe did not do it, or we don't know. `code` is Stripe's, safe to store and to log."""

    def __init__(self, code: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after


class Refused(StripeFailure):
    """A definite no: nothing was done, and the same request won't do better."""

    @property
    def is_missing(self) -> bool:
        """Whether Stripe has no such object (or this key, mode or account has none)."""
        return self.status == 404 or self.code == "resource_missing"


class Busy(StripeFailure):
    """A rate limit or an object's lock: nothing was done, ask again later."""


class Misconfigured(StripeFailure):
    """The key is wrong or lacks a permission: nothing was done."""


class Unclear(StripeFailure):
    """A time-out, a lost connection, a 5xx: it may have been done. Look before sending again."""

    @property
    def is_kept(self) -> bool:
        """Whether Stripe will answer the same for as long as it keeps the key (24 h): a 500 is a result."""
        return self.status is not None and self.status >= 500

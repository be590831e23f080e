"""Idempotency keys: the first result is kept for a day, on all endpoints together."""

from dataclasses import dataclass

from sandbox.request.errors import StripeError

LIFE_SECONDS = 24 * 3600
_LONGEST = 255


@dataclass
class _Kept:
    method: str
    path: str
    params: str
    until: float
    result: tuple[int, bytes] | None = None


class Keys:
    """Guarded by the state's lock."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}

    def clear(self) -> None:
        """Forget all keys."""
        self._kept.clear()

    def begin(
        self, account: str, key: str, *, method: str, path: str, params: str, now: float
    ) -> tuple[int, bytes] | None:
        """The kept answer (status, body), or None after taking the key for this request."""
        if len(key) > _LONGEST:
            message = "Idempotency keys can be at most 255 characters long."
            raise StripeError(message, type_="idempotency_error", saved=False)
        self._prune(now)
        kept = self._kept.get((account, key))
        if kept is None:
            self._kept[account, key] = _Kept(method, path, params, now + LIFE_SECONDS)
            return None
        if (kept.method, kept.path) != (method, path):
            raise _mismatch(key, "for the same endpoint they were first used for")
        if kept.params != params:
            raise _mismatch(key, "with the same parameters they were first used with")
        if kept.result is None:
            raise in_use(key)
        return kept.result

    def _prune(self, now: float) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest].until > now:
                return
            del self._kept[oldest]

    def keep(self, account: str, key: str, result: tuple[int, bytes]) -> None:
        """The request came to an end that repeats shall see."""
        kept = self._kept.get((account, key))
        if kept:
            kept.result = result

    def release(self, account: str, key: str) -> None:
        """The request never began its work: the key is free again."""
        self._kept.pop((account, key), None)


def _mismatch(key: str, rule: str) -> StripeError:
    message = (
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than "
        f"'{key}' if you meant to execute a different request."
    )
    return StripeError(message, type_="idempotency_error", saved=False)


def in_use(key: str) -> StripeError:
    """Another request with that key hasn't come to its end."""
    message = (
        f"There is currently another in-progress request using this Idempotent Key: {key}. "
        "Please try again later."
    )
    return StripeError(
        message,
        status=409,
        code="idempotency_key_in_use",
        saved=False,
    )

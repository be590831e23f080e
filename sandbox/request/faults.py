"""Faults on demand: which requests go wrong, how, and how often."""

import random
import threading
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from sandbox.request.errors import StripeError
from sandbox.request.idempotency import in_use
from sandbox.request.limits import too_many
from sandbox.store.shelf import Obj

KINDS = {
    "rate_limit": "429 rate_limit, nothing done",
    "lock_timeout": "429 lock_timeout, nothing done",
    "key_in_use": "409 idempotency_key_in_use, nothing done",
    "unauthorized": "401, nothing done",
    "forbidden": "403, nothing done",
    "refuse": "any other error by `status`, `code`, `param`, `message`, nothing done",
    "error_before": "500 before the work, kept by the idempotency key",
    "error_after": "500 although the work is done, kept by the idempotency key",
    "outage": "503 before the work, not kept by the idempotency key",
    "dropped": "connection dropped before the work",
    "answer_lost": "work done, connection dropped instead of an answer",
    "broken_body": "work done, half an answer",
    "hang": "`seconds` of silence, then the work",
    "late_answer": "the work at once, the answer `seconds` later",
    "answer_after_webhooks": "the work, its webhooks (at most `seconds`), then the answer",
    "latency": "`seconds` before the work; adds to any other fault",
}


@dataclass
class Fault:
    """One rule; `path` is a pattern, `count` None means without end."""

    kind: str
    method: str = "*"
    path: str = "*"
    count: int | None = None
    probability: float = 1.0
    skip: int = 0
    seconds: float = 0.0
    retry_after: float | None = None
    should_retry: bool | None = None
    status: int = 400
    code: str | None = None
    param: str | None = None
    message: str = "Refused by a fault."
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Is the request one of those meant?"""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def refusal(self, key: str) -> StripeError | None:
        """The error, for kinds that refuse before anything has begun."""
        error = self._own_error() if self.kind == "refuse" else _refusal(self.kind, key)
        if error is not None:
            error.headers.update(self.headers())
        return error

    def _own_error(self) -> StripeError:
        kind = "invalid_request_error" if self.status < 500 else "api_error"
        return StripeError(
            self.message, status=self.status, type_=kind, code=self.code, param=self.param, saved=False
        )

    def headers(self) -> dict[str, str]:
        """What the answer tells the client about trying again."""
        found = {}
        if self.retry_after is not None:
            found["Retry-After"] = f"{self.retry_after:g}"
        if self.should_retry is not None:
            found["Stripe-Should-Retry"] = str(self.should_retry).lower()
        return found


def _refusal(kind: str, key: str) -> StripeError | None:
    match kind:
        case "rate_limit":
            return too_many("global-rate")
        case "lock_timeout":
            return _lock_timeout()
        case "key_in_use":
            return in_use(key)
        case "unauthorized":
            return StripeError("Invalid API Key provided.", status=401, saved=False)
        case "forbidden":
            message = "The provided key does not have the required permissions."
            return StripeError(message, status=403, saved=False)
        case "outage":
            return StripeError("Try again.", status=503, type_="api_error", saved=False)
    return None


def _lock_timeout() -> StripeError:
    message = (
        "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it. If you see this error intermittently, retry the request."
    )
    return StripeError(message, status=429, code="lock_timeout", saved=False)


class Faults:
    """The rules in force, with a seeded random of their own."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self.clear()

    def clear(self) -> None:
        """No faults, and the random from its start."""
        self._rules: list[Fault] = []
        self._random = random.Random(self._seed)  # noqa: S311 to be repeated, not to be secret

    def add(self, rule: Obj) -> Obj:
        """Put a rule in force. `ValueError` for an unknown kind or field."""
        if rule.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        try:
            fault = Fault(**rule)
        except TypeError as error:
            raise ValueError(str(error)) from None
        with self._lock:
            self._rules.append(fault)
        return asdict(fault)

    def rules(self) -> list[Obj]:
        """The rules with their hits."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def pick(self, method: str, path: str) -> Fault | None:
        """The first rule that strikes this request."""
        with self._lock:
            for rule in self._rules:
                if rule.kind != "latency" and self._strikes(rule, method, path):
                    return rule
        return None

    def latency(self, method: str, path: str) -> float:
        """Seconds to wait before the work."""
        with self._lock:
            return sum(
                rule.seconds
                for rule in self._rules
                if rule.kind == "latency" and self._strikes(rule, method, path)
            )

    def _strikes(self, rule: Fault, method: str, path: str) -> bool:
        if rule.count == 0 or not rule.matches(method, path):
            return False
        if rule.skip:
            rule.skip -= 1
            return False
        if rule.probability < 1 and self._random.random() >= rule.probability:
            return False
        rule.hits += 1
        if rule.count is not None:
            rule.count -= 1
        return True

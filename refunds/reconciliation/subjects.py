"""What is compared: a kind of object at Stripe, how it may differ from ours, and how to heal it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from payments import gateway
from refunds.models.reconciliation import Kind
from refunds.reconciliation.window import Clock

Object = gateway.Answer


@dataclass(frozen=True)
class Difference:
    """`ours` and `theirs` are states or minor units with their currency: no personal data."""

    kind: Kind
    stripe_id: str
    ours: Any
    theirs: Any
    booking: int | None = None
    subject: str = ""
    also: dict[str, Any] = field(default_factory=dict)

    @property
    def detail(self) -> dict[str, Any]:
        return {"ours": self.ours, "theirs": self.theirs, **self.also}


@dataclass(frozen=True)
class Subject:
    """`compare` only reads our database; `heal` is what a webhook would have done; `fetch` asks Stripe."""

    name: str
    compare: Callable[[list[Object]], Iterable[Difference]]
    heal: Callable[[Object, Clock], object]
    fetch: Callable[[str], Object]

from collections import Counter
from dataclasses import dataclass, field

from refunds.reconciliation.subjects import Difference


@dataclass
class Tally:
    """What a run saw and did. `drift` is our statement less Stripe's, in minor units by currency."""

    seen: Counter[str] = field(default_factory=Counter)
    healed: int = 0
    healable: list[Difference] = field(default_factory=list)
    found: dict[tuple[str, str], Difference] = field(default_factory=dict)
    drift: dict[str, int] = field(default_factory=dict)

    def keep(self, difference: Difference) -> None:
        self.found[difference.kind, difference.stripe_id] = difference

    def drift_by(self, amount: int, currency: str) -> None:
        self.drift[currency] = self.drift.get(currency, 0) + amount

    @property
    def counts(self) -> dict[str, int]:
        return dict(sorted(self.seen.items()))

"""Many paid PaymentIntents at once, for benchmarks."""

from sandbox.cards import cards
from sandbox.paying import charges, intent_shape
from sandbox.store.shelf import Obj
from sandbox.store.state import State


def paid_intents(
    state: State,
    *,
    count: int,
    amount: int = 4500,
    currency: str = "gbp",
    customer: str | None = None,
    metadata: list[dict[str, str]] | None = None,
) -> list[str]:
    """The ids of `count` succeeded intents; no events. `metadata` has one entry for each."""
    method = cards.method_for(state, "pm_card_visa")
    labels = metadata or [{} for _ in range(count)]
    base = {"amount": amount, "currency": currency, "customer": customer}
    return [_paid(state, {**base, "metadata": label}, method) for label in labels[:count]]


def _paid(state: State, params: Obj, method: Obj) -> str:
    intent = intent_shape.make(state, params)
    intent["payment_method"] = method["id"]
    card = cards.card_of(state, method["id"])
    charge = charges.make(state, intent, card, "succeeded", None)
    charges.book(state, charge)
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["latest_charge"] = charge["id"]
    return str(intent["id"])

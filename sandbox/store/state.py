"""What the sandbox knows, behind one lock."""

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from sandbox.store.clock import Clock
from sandbox.store.shelf import Obj, Shelf
from sandbox.types.watch import Watch

API_VERSION = "2026-10-28.endive"
_PLAIN = str.maketrans("-_", "Zz")


@dataclass(frozen=True)
class Origin:
    """The API request that is being worked on; events carry it."""

    request_id: str | None = None
    idempotency_key: str | None = None


def _no_listener(event: Obj) -> None:
    return None


class State:
    """Whoever reads or writes holds the lock."""

    def __init__(self, settle_after: float | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(settle_after)
        self.on_event: Callable[[Obj], None] = _no_listener
        self.watch = Watch()
        self.customers = Shelf("customer")
        self.payment_methods = Shelf("PaymentMethod", "customer")
        self.payment_intents = Shelf("payment_intent", "customer")
        self.charges = Shelf("charge", "payment_intent", "customer")
        self.refunds = Shelf("refund", "payment_intent", "charge")
        self.disputes = Shelf("dispute", "payment_intent", "charge")
        self.fraud_warnings = Shelf("early fraud warning", "charge")
        self.balance_transactions = Shelf("balance transaction", "source")
        self.payouts = Shelf("payout")
        self.files = Shelf("file")
        self.webhook_endpoints = Shelf("webhook endpoint")
        self.events = Shelf("event", "type")
        self.reset()

    @property
    def shelves(self) -> Mapping[str, Shelf]:
        """Every shelf by its plural name."""
        return MappingProxyType({n: s for n, s in vars(self).items() if isinstance(s, Shelf)})

    def reset(self) -> None:
        """Forget every object and go back to real time."""
        for shelf in self.shelves.values():
            shelf.clear()
        self.clock.reset()
        self.watch.made_up.clear()
        self.origin = Origin()
        # Which test card stands behind a payment method.
        self.card_names: dict[str, str] = {}
        self.deleted_customers: dict[str, Obj] = {}
        self.endpoint_secrets: dict[str, list[tuple[str, float]]] = {}
        # What is available beyond the opening balance, by currency, in minor units.
        self.funds: dict[str, int] = {}
        self.pending: dict[str, int] = {}
        # Currencies whose balance was set: refunds in others never run short.
        self.measured: set[str] = set()
        self.settle_days = 0
        # Which currency what is sold in another one is settled in, and the rate.
        self.exchange: dict[str, tuple[str, float]] = {}
        # Which automatic payout a balance transaction went out with.
        self.paid_out: dict[str, str] = {}
        self.withheld: set[str] = set()
        self.short_of_funds: list[Obj] = []
        # How disputes are answered unless somebody says otherwise; None: without Smart Disputes.
        self.submission_default: str | None = None


def new_id(prefix: str) -> str:
    """An id such as `re_3…`, unguessable enough for a stand-in."""
    return f"{prefix}_{secret_text(24)}"


def secret_text(length: int) -> str:
    """Random letters and digits."""
    return secrets.token_urlsafe(length).translate(_PLAIN)[:length]


def snapshot(obj: Obj) -> Obj:
    """A copy that later changes don't reach."""
    return cast(Obj, json.loads(json.dumps(obj)))

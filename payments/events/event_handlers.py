"""Where the apps above register what they do with Stripe's events, and with money that can't stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bookings.audit import By, Story
from payments.models import Payment

Facts = Any


@dataclass(frozen=True)
class Event:
    """A Stripe event in our hands: delivered and verified, or fetched (`by` tells which)."""

    id: str
    type: str
    created: datetime
    object: dict[str, Any]
    by: By

    @classmethod
    def of(cls, payload: dict[str, Any], *, came_by: str = "webhook") -> "Event":
        """Read Stripe's JSON; raises KeyError, TypeError or ValueError if it isn't an event."""
        if not all(isinstance(payload[name], str) and payload[name] for name in ("id", "type")):
            raise TypeError("an event has an id and a type")
        return cls(
            id=payload["id"],
            type=payload["type"],
            created=datetime.fromtimestamp(payload["created"], UTC),
            object=dict(payload["data"]["object"]),
            by=By("stripe", came_by),
        )


class NotYet(Exception):
    """The event speaks of something we may learn of later: keep it and try again."""


class Stranger(NotYet):
    """Nobody here knows it and it hasn't our mark: it is let go after some minutes, as probably another's."""


@dataclass(frozen=True)
class EventHandler:
    """What an event does.

    `apply` runs in the transaction that stores the event, and returns what it did, or "" for nothing.
    Where order matters `ask` gets the present state from Stripe first: such an event is stored, and
    applied by the worker.
    """

    apply: Callable[[Event, Facts, datetime], str]
    ask: Callable[[Event], Facts] | None = None


SendBack = Callable[[Story, Payment], None]

_handlers: dict[str, EventHandler] = {}
_orphan_returns: list[SendBack] = []

# Exactly what the webhook endpoint subscribes to.
SUBSCRIBED = (
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
)


def register(event_type: str, handler: EventHandler) -> None:
    """Say what an event type does. Twice is a mistake."""
    if event_type in _handlers:
        raise RuntimeError(f"{event_type} has two handlers")
    _handlers[event_type] = handler


def register_orphan_return(send_back: SendBack) -> None:
    """Say who sends money back that can't stay. Twice is a mistake."""
    if _orphan_returns:
        raise RuntimeError("two ways to send orphaned payments back")
    _orphan_returns.append(send_back)


def handler_for(event_type: str) -> EventHandler | None:
    return _handlers.get(event_type)


def send_back(story: Story, payment: Payment) -> None:
    """Announce that what this payment brought can't stay."""
    _orphan_returns[0](story, payment)


def types_without_handler() -> list[str]:
    """What is subscribed to but does nothing; a system check fails on it."""
    missing = [name for name in SUBSCRIBED if name not in _handlers]
    return missing if _orphan_returns else [*missing, "orphaned payments"]

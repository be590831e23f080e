"""Where the apps above plug in: Stripe's event types, and money that can't stay."""

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


@dataclass(frozen=True)
class Socket:
    """What an event does.

    `apply` runs in the transaction that stores the event, and returns what it did, or "" for nothing.
    Where order matters `ask` gets the present state from Stripe first: such an event is stored, and
    applied by the worker.
    """

    apply: Callable[[Event, Facts, datetime], str]
    ask: Callable[[Event], Facts] | None = None


SendBack = Callable[[Story, Payment], None]

_sockets: dict[str, Socket] = {}
_orphanages: list[SendBack] = []

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
)


def plug(event_type: str, socket: Socket) -> None:
    """Say what an event type does. Twice is a mistake."""
    if event_type in _sockets:
        raise RuntimeError(f"{event_type} is plugged in twice")
    _sockets[event_type] = socket


def plug_orphanage(send_back: SendBack) -> None:
    """Say who sends money back that can't stay. Twice is a mistake."""
    if _orphanages:
        raise RuntimeError("orphaned payments are plugged in twice")
    _orphanages.append(send_back)


def socket_for(event_type: str) -> Socket | None:
    return _sockets.get(event_type)


def send_back(story: Story, payment: Payment) -> None:
    """Announce that what this payment brought can't stay."""
    _orphanages[0](story, payment)


def empty_sockets() -> list[str]:
    """What is subscribed to but does nothing; a system check fails on it."""
    missing = [name for name in SUBSCRIBED if name not in _sockets]
    return missing if _orphanages else [*missing, "orphaned payments"]

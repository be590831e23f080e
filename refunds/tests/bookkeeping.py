"""A day's life of which no webhook tells, and what the books say of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bookings.models import Booking, Service
from config.tests.world import Customer, run_workers
from payments.models import Payment, PaymentTransaction, WebhookEvent
from refunds.models import RefundRecord
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

Reconcile = Callable[..., str]


def healed(said: str) -> int:
    return int(re.findall(r"^healed (\d+)$", said, re.MULTILINE)[0])


def books() -> list[Any]:
    """All that is told twice, ours: states and money."""
    return [
        *Booking.objects.order_by("pk").values_list("pk", "status"),
        *Payment.objects.order_by("pk").values_list("pk", "status"),
        *RefundRecord.objects.order_by("pk").values_list("pk", "status", "amount"),
        *PaymentTransaction.objects.order_by("pk").values_list("kind", "stripe_id", "amount"),
    ]


class Day:
    """A day's life of which no webhook tells."""

    def __init__(self, customer: Customer, shop: Service) -> None:
        self.customer, self.shop, self.sandbox = customer, shop, customer.sandbox

    def paid(self, card: str = "pm_card_visa", *, at: int) -> Booking:
        booking = self.customer.book(self.shop, starts_in=timedelta(hours=48 + at))
        self.customer.pay(booking, card)
        return booking

    def live(self) -> dict[str, Booking]:
        """Bookings by what happens to them, before anybody heard that they are paid."""
        return {
            "kept": self.paid(at=1),
            "cancelled": self.paid(at=2),
            "returned": self.paid("pm_card_refundFail", at=3),
            "slow": self.paid("pm_card_pendingRefund", at=4),
            "dashboard": self.paid(at=5),
            "disputed": self.paid(at=6),
            "won": self.paid(at=7),
            "unpaid": self.customer.book(self.shop, starts_in=timedelta(hours=56)),
        }

    def go_on(self, bookings: dict[str, Booking]) -> None:
        """What the bookings' names promise, at Stripe and here."""
        for name in ("cancelled", "returned", "slow"):
            self.customer.cancel(bookings[name])
        run_workers()
        self.sandbox.settle()
        self.sandbox.dashboard_refund(intent_of(bookings["dashboard"]), 1000)
        self.sandbox.dispute(intent_of(bookings["disputed"]))
        self.sandbox.win(self.sandbox.dispute(intent_of(bookings["won"]))["id"])


def lose_for_good(sandbox: Sandbox) -> None:
    """The events are of no help: they were taken in, but what they did was lost."""
    for event in sandbox.all("events"):
        lost = {"type": event["type"], "status": "ignored"}
        WebhookEvent.objects.get_or_create(stripe_event_id=event["id"], defaults=lost)

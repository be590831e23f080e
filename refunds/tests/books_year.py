"""A random year of a business and its Stripe account."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from bookings.audit import By
from bookings.models import Booking, Service
from core.work import jobs
from refunds.reconciliation.run import reconcile
from refunds.tests.model.history import History, two_of_the_staff
from sandbox.client import Obj

PRICES = {"gbp": 4500, "usd": 6000, "jpy": 9900}
CARDS = (
    *["pm_card_visa"] * 4,
    *["pm_card_mastercard"] * 2,
    "pm_card_visa_chargeDeclined",
    "pm_card_refundFail",
    "pm_card_pendingRefund",
    "pm_card_createDispute",
    "pm_card_createIssuerFraudRecord",
)
YEAR, AT_ONCE = timedelta(days=350), 7


@dataclass
class Year(History):
    """With `webhooks` every event arrives, without them none does."""

    webhooks: bool = True
    rng: random.Random = field(default_factory=lambda: random.Random(0))

    def __post_init__(self) -> None:
        self.customer = User.objects.create_user("yearly")
        self.by = By(f"customer:{self.customer.pk}", "api")
        self.staff = two_of_the_staff()
        self.services = [
            Service.objects.create(
                name=f"In {currency}",
                duration=timedelta(hours=1),
                price=price,
                currency=currency,
                capacity=1000,
            )
            for currency, price in PRICES.items()
        ]
        self.start = timezone.now().replace(microsecond=0)

    def live(self, steps: int) -> None:
        """Some things happen, the worker works, days pass; by and by everything happens."""
        reconcile(clock=self.now, source="command")
        to_come: list[Any] = []
        for _ in range(steps):
            for _ in range(self.rng.randint(1, 4)):
                self.sell()
            self.hear()
            while len(to_come) < AT_ONCE:
                to_come += self.rng.sample(self.happenings, k=len(self.happenings))
            for _ in range(AT_ONCE):
                to_come.pop(0)()
            self.hear()
            self.pass_time(self.rng.uniform(0.5, 1.5) * YEAR / steps)
            reconcile(clock=self.now, source="command")
        self.end()

    @property
    def happenings(self) -> tuple[Any, ...]:
        return (
            self.cancel_one,
            self.refund_a_part,
            self.return_a_refund,
            self.dispute_one,
            self.decide_a_dispute,
            self.decide_a_dispute,
            self.charge_a_fee,
            self.pay_out,
            self.pay_out,
            self.pay_out_by_hand,
            self.return_a_payout,
            lambda: self.sandbox.settle(),
            lambda: self.sandbox.seed(1, currency=self.rng.choice(list(PRICES))),
        )

    def sell(self) -> None:
        self.service = self.rng.choice(self.services)
        hours = self.ahead / timedelta(hours=1) + self.rng.randint(24, 1000)
        before = len(self.bookings)
        self.book(int(hours))
        for booking in self.bookings[before:]:
            self.open_sheet(booking)
            self.pay(booking, self.rng.choice(CARDS), None)

    def hear(self) -> None:
        """All arrives, or nothing does and only comparing tells; then the worker works."""
        if self.webhooks:
            self.deliver("in order", 0)
        else:
            self.lose_webhooks()
            reconcile(clock=self.now, source="command")
        jobs.run_until_idle(self.now)

    # What happens.

    def one_of(self, kind: str, **wanted: Any) -> list[Obj]:
        found = self.sandbox.all(kind, **wanted)
        return [self.rng.choice(found)] if found else []

    def cancel_one(self) -> None:
        confirmed = list(Booking.objects.filter(status="confirmed", starts_at__gt=self.now()).order_by("pk"))
        if confirmed:
            self.cancel(self.rng.choice(confirmed), by_business=self.rng.random() < 0.3)

    def refund_a_part(self) -> None:
        for charge in self.one_of("charges", disputed=False, paid=True):
            left = charge["amount"] - charge["amount_refunded"]
            if left and charge["payment_intent"]:
                part = self.rng.randint(1, left)
                self.at_stripe(self.sandbox.dashboard_refund, charge["payment_intent"], part)

    def return_a_refund(self) -> None:
        for refund in self.one_of("refunds", status="succeeded"):
            self.at_stripe(self.sandbox.fail_refund, refund["id"])

    def dispute_one(self) -> None:
        for charge in self.one_of("charges", disputed=False, paid=True):
            inquiry = self.rng.random() < 0.2
            self.at_stripe(self.sandbox.dispute, charge["payment_intent"], inquiry=inquiry)

    def decide_a_dispute(self) -> None:
        for dispute in self.one_of("disputes", status="needs_response"):
            decide = self.rng.choice((self.sandbox.win, self.sandbox.lose))
            self.at_stripe(decide, dispute["id"])

    def charge_a_fee(self) -> None:
        disputes = self.one_of("disputes")
        about = {"source": disputes[0]["id"]} if disputes and self.rng.random() < 0.5 else {}
        currency = disputes[0]["currency"] if about else self.rng.choice(list(PRICES))
        self.sandbox.move("stripe_fee", -self.rng.randint(1, 500), currency=currency, **about)

    def pay_out(self) -> None:
        for payout in self.sandbox.pay_out():
            self.rng.choice((self.sandbox.arrive, self.sandbox.fail_payout, lambda _: None))(payout["id"])

    def pay_out_by_hand(self) -> None:
        amount = self.rng.randint(100, 5000)
        method = self.rng.choice(("standard", "instant"))
        self.at_stripe(self.sandbox.pay_out_by_hand, amount, method=method)

    def return_a_payout(self) -> None:
        for payout in self.one_of("payouts", status="paid"):
            self.at_stripe(self.sandbox.fail_payout, payout["id"])

    # The end.

    def end(self) -> None:
        """What is under way comes to an end, and the books are compared twice more."""
        for _ in range(3):
            self.sandbox.settle()
            self.hear()
            self.sandbox.pay_out()
            self.pass_time(timedelta(days=11))
        for _ in range(2):
            self.sandbox.settle()
            self.hear()
            self.pass_time(timedelta(hours=2))
            reconcile(clock=self.now, source="command")

    # What Stripe says.

    def at_stripe_by_month(self) -> dict[str, Counter[str]]:
        """The net of all that moved, by month and currency."""
        moved: dict[str, Counter[str]] = {}
        for line in self.sandbox.all("balance_transactions"):
            month = f"{datetime.fromtimestamp(line['created'], UTC):%Y-%m}"
            moved.setdefault(month, Counter())[line["currency"]] += line["net"]
        return moved

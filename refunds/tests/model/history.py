"""One random history: people, Stripe, webhooks and workers, all on one clock."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from bookings import moving, selling
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests import flushing
from core.errors import DomainError
from core.work import jobs, lease
from payments import checkout
from payments.events import inbox
from payments.models import Payment, WebhookEvent
from refunds import attempts, cancellation
from refunds.disputes import reading
from refunds.models import RefundRecord
from refunds.reconciliation.run import reconcile
from refunds.sending import submission
from refunds.tests.dying import dies_at
from sandbox.client import ControlError, Obj, Sandbox

SETTLING = timedelta(hours=1, minutes=10)
# Enough for the longest wait of every kind to run out, one after the other.
CALM_ROUNDS = 40
# The work that moves money or bookings. Mail, people and old data have tests of their own.
WORK = ("refunds", "closures", "webhook events", "holds", "ended bookings")


def money_work() -> list[jobs.Job]:
    return [job for job in jobs.jobs() if job.name in WORK]


def two_of_the_staff() -> list[By]:
    """One who acts and one who may approve it."""
    return [By(f"staff:{User.objects.create_user(who).pk}", "admin") for who in ("clerk", "boss")]


@dataclass
class History:
    """What has happened so far; nothing here knows how the system works inside."""

    sandbox: Sandbox
    ahead: timedelta = field(default_factory=timedelta)
    bookings: list[Booking] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    has_lost_webhooks: bool = False
    paused: list[tuple[RefundRecord, reading.LiveDisputes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sandbox.reset()
        flushing.empty()
        name = f"customer-{timezone.now().timestamp()}"
        self.customer = User.objects.create_user(name)
        self.by = By(f"customer:{self.customer.pk}", "api")
        self.staff = two_of_the_staff()
        self.service = Service.objects.create(
            name="Model", duration=timedelta(hours=1), price=4500, currency="gbp"
        )
        self.start = self.now().replace(microsecond=0)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    # The customer.

    def book(self, hours: int) -> None:
        try:
            booking, is_new = selling.hold(
                customer=self.customer,
                service_id=self.service.pk,
                starts_at=self.start + timedelta(hours=hours),
                by=self.by,
                now=self.now(),
            )
        except DomainError:
            return
        if is_new:
            self.bookings.append(booking)

    def open_sheet(self, booking: Booking) -> None:
        try:
            checkout.open_sheet(
                user=self.customer,
                reference=booking.reference,
                mobile_version=None,
                by=self.by,
                now=self.now(),
            )
        except DomainError:
            return

    def pay(self, booking: Booking, card: str, amount: int | None) -> None:
        for intent in self.intents(booking):
            self.at_stripe(self.sandbox.pay, intent, card, amount=amount)

    def pay_twice(self, booking: Booking) -> None:
        for intent in self.intents(booking)[:1]:
            self.at_stripe(self.sandbox.pay_again, intent)

    def cancel(self, booking: Booking, *, by_business: bool) -> None:
        mine, by = Booking.objects.filter(pk=booking.pk), self.staff[0] if by_business else self.by
        with suppress(DomainError):
            cancellation.cancel_booking(mine, by=by, now=self.now(), by_business=by_business)

    def move(self, booking: Booking, hours: int) -> None:
        with suppress(DomainError):
            moving.move(
                Booking.objects.filter(pk=booking.pk),
                starts_at=self.start + timedelta(hours=hours),
                by=self.by,
                now=self.now(),
            )

    # Staff.

    def act(self, what: Callable[..., object], on: RefundRecord | Payment, who: int = 0, **how: Any) -> None:
        """Somebody of the staff tries it; the desk may refuse, and nothing but the desk."""
        with suppress(DomainError):
            what(on, by=self.staff[who], now=self.now(), reason="Because.", **how)

    # Stripe, its dashboard and the banks.

    def at_stripe(self, act: Callable[..., object], *what: Any, **how: Any) -> None:
        """Do something at Stripe, which may refuse it."""
        with suppress(ControlError):
            act(*what, **how)

    def intents(self, booking: Booking) -> list[str]:
        ids = booking.payments.exclude(stripe_payment_intent_id=None).values_list(
            "stripe_payment_intent_id", flat=True
        )
        return [str(intent) for intent in ids]

    def all_intents(self) -> list[str]:
        return [intent["id"] for intent in self.sandbox.all("payment_intents")]

    # Webhooks.

    def waiting(self) -> list[Obj]:
        return [event for event in self.sandbox.all("events") if event["id"] not in self.seen]

    def deliver(self, how: str, seed: int) -> None:
        """Some of what waits arrives: in order or not, once or twice."""
        events, rng = self.waiting(), random.Random(seed)
        if how == "shuffled":
            rng.shuffle(events)
        elif how == "some":
            events = [event for event in events if rng.random() < 0.4]
        elif how == "twice":
            events = [event for event in events for _ in range(2)]
        elif how == "old ones again":
            events = rng.sample(self.sandbox.all("events"), k=min(3, len(self.seen)))
        for event in events:
            inbox.take_in(event, now=self.now())
            self.seen.add(event["id"])

    def lose_webhooks(self) -> None:
        """What waits never arrives: the books alone have to bring it right."""
        lost = self.waiting()
        self.seen |= {event["id"] for event in lost}
        self.has_lost_webhooks = self.has_lost_webhooks or bool(lost)

    # Workers, and what befalls them.

    def work(self) -> None:
        jobs.run_due(self.now, money_work())

    def work_until_idle(self) -> None:
        while jobs.run_due(self.now, money_work()):
            pass

    def is_killed(self, point: str) -> bool:
        return dies_at(point, self.work)

    def pause_a_worker(self) -> None:
        """It has claimed what is due, and sleeps."""
        due = RefundRecord.objects.filter(status__in=attempts.DUE).select_related("payment")
        for record in lease.claim(due.order_by("requested_at"), now=self.now(), limit=2):
            self.paused.append((record, reading.LiveDisputes([record.payment], self.now)))

    def pause_a_worker_about_to_send(self) -> None:
        """It has committed to sending, and sleeps."""
        self.pause_a_worker()
        records = [submission.prepare(record, self.now()) for record, _ in self.paused]
        self.paused = [
            (record, reading.LiveDisputes([record.payment], self.now))
            for record in records
            if record is not None
        ]

    def wake_the_paused(self) -> None:
        paused, self.paused = self.paused, []
        for record, disputes in paused:
            submission.submit(record, disputes, self.now)

    def pass_time(self, span: timedelta) -> None:
        self.ahead += span
        self.sandbox.advance(span.total_seconds())

    # The end.

    def calm_down(self) -> bool:
        """Nothing goes wrong any more, and what Stripe knows arrives; True once nothing is left to do."""
        self.sandbox.clear_faults()
        self.sandbox.set_balance("gbp", 10_000_000)
        self.wake_the_paused()
        for _ in range(CALM_ROUNDS):
            self.sandbox.settle()
            self.deliver("in order", 0)
            self.work_until_idle()
            if self.has_lost_webhooks:
                reconcile(clock=self.now, source="command", back=self.ahead + timedelta(hours=2))
                self.work_until_idle()
            if not self.waiting() and not self.is_busy():
                return True
            self.pass_time(SETTLING)
        return False

    def is_busy(self) -> bool:
        mine = [booking.pk for booking in self.bookings]
        return (
            RefundRecord.objects.filter(booking__in=mine, status__in=attempts.DUE).exists()
            or Booking.objects.filter(pk__in=mine, status="pending_payment").exists()
            or Payment.objects.filter(booking__in=mine, status__in=Payment.UNPAID)
            .exclude(booking__status__in=("confirmed", "completed"))
            .exists()
            or WebhookEvent.objects.filter(status__in=("pending", "failed"), attempts__lt=60).exists()
        )

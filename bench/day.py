"""A day at a business, in minutes: customers at the site, a worker behind it, Stripe's sandbox at its side.

All of it and the customers themselves share the machine, so that it is what one small machine is worth.
"""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from bench import machine
from bench.customer import Customer, Took
from bench.figures import Figure, ms
from bench.load import Round, WrongAnswer
from bench.memory import Memory
from bench.stock import Stock
from bookings.models import Booking, Business, Hours, Message, Resource, Service
from payments.models import Payout, WebhookEvent
from refunds.models import RefundRecord
from sandbox.client import Sandbox

Row = TypeVar("Row", bound=Model)

CUSTOMERS = 8
PEOPLE, SERVICES = 40, 8
REMINDER = "reminder_hours"
SETTLE_EVERY, PAYOUT_EVERY = 2.0, 30.0
# What is under way when the customers have left: it has to end well, too.
PATIENCE_SECONDS = 240


def replay(sandbox: Sandbox, *, seconds: float) -> list[Figure]:
    """Sell for so long, and see that everything that was paid or owed came to its end."""
    began, services, stock = timezone.now(), _open(), Stock()
    reminders = _due_soon(stock, services[0], seconds)
    with machine.site() as site, machine.worker() as worker:
        _deliver(sandbox, site.port)
        memory = Memory({"worker": worker.pid, "site": site.pid})
        tokens = list(stock.authorization.values())
        customers = [Customer(site.port, tokens[n], services, sandbox, seed=n) for n in range(CUSTOMERS)]
        took = _sell(customers, sandbox, memory, seconds)
        _see_it_through(sandbox, reminders, began)
    sandbox.reset()  # nobody is there any more to hear of its events
    sold = sum(customer.sold for customer in customers)
    return [_worth(sold, seconds), *_kinds(took), *memory.figures()]


def _open() -> list[int]:
    """People with hours, and services that they all do."""
    Business.objects.update_or_create(
        defaults={"name": "Bench", "time_zone": "UTC", "remind_day_before": False}
    )
    Hours.objects.bulk_create(
        Hours(weekday=day, opens=clock_time(8), closes=clock_time(20)) for day in range(7)
    )
    people = [Resource.objects.create(name=f"Person {number}") for number in range(PEOPLE)]
    keys = []
    for number in range(SERVICES):
        service = Service.objects.create(
            name=f"Service {number}", duration=timedelta(minutes=60), price=4500, currency="gbp"
        )
        service.resources.set(people[number * PEOPLE // SERVICES : (number + 1) * PEOPLE // SERVICES])
        keys.append(service.pk)
    return keys


def _due_soon(stock: Stock, service: int, seconds: float) -> int:
    """Confirmed appointments whose reminders come while customers buy; returns how many."""
    now, many = timezone.now(), max(int(seconds / 6), 3)
    for payment in stock.unpaid(many, now=now):
        booking = payment.booking
        Booking.objects.filter(pk=booking.pk).update(status="confirmed")
        times = f"{booking.starts_at:%Y%m%dT%H%M%S}.{booking.refundable_until:%Y%m%dT%H%M%S}"
        Message.objects.create(
            key=f"customer:{REMINDER}:{booking.reference}:{times}",
            kind=REMINDER,
            to=Message.To.CUSTOMER,
            booking=booking,
            next_attempt_at=now + timedelta(seconds=seconds * (payment.booking.pk % many) / many),
        )
    return many


def _deliver(sandbox: Sandbox, port: int) -> None:
    """Have the sandbox bring its events to the site, as Stripe does."""
    sandbox.listen(f"http://127.0.0.1:{port}/api/v1/payment/webhook/", settings.STRIPE_WEBHOOK_SECRETS[0])


def _sell(customers: list[Customer], sandbox: Sandbox, memory: Memory, seconds: float) -> Took:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(customers)) as threads:
        visits = [threads.submit(_come_and_go, customer, until) for customer in customers]
        paid_out = time.monotonic()
        while not all(visit.done() for visit in visits):
            time.sleep(SETTLE_EVERY)
            memory.look()
            sandbox.settle()
            if time.monotonic() - paid_out > min(PAYOUT_EVERY, seconds / 3):
                _pay_out(sandbox)
                paid_out = time.monotonic()
    for visit in visits:
        visit.result()
    took: Took = defaultdict(list)
    for customer in customers:
        for kind, lengths in customer.took.items():
            took[kind] += lengths
    return took


def _come_and_go(customer: Customer, until: float) -> None:
    while time.monotonic() < until:
        customer.visit()


def _pay_out(sandbox: Sandbox) -> None:
    for payout in sandbox.pay_out():
        sandbox.arrive(payout["id"])


def _see_it_through(sandbox: Sandbox, reminders: int, began: datetime) -> None:
    """Wait until no refund is under way, no event waits and all reminders went out. Raises WrongAnswer."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        sandbox.settle()
        left = {
            "refunds": _of_today(RefundRecord, "requested_at", began)
            .exclude(status__in=("succeeded", "not_due"))
            .count(),
            "events": _of_today(WebhookEvent, "received_at", began)
            .filter(status__in=("pending", "failed"))
            .count(),
            "reminders": reminders - _of_today(Message, "sent_at", began).filter(kind=REMINDER).count(),
            "payouts": _of_today(Payout, "recorded_at", began).exclude(status="paid").count(),
        }
        connection.close()
        if not any(count > 0 for count in left.values()):
            return
        if time.monotonic() > until:
            raise WrongAnswer(f"still under way: {left}")
        time.sleep(SETTLE_EVERY)


def _of_today(model: type[Row], field: str, began: datetime) -> QuerySet[Row]:
    return model._default_manager.filter(**{f"{field}__gte": began})


def _worth(sold: int, seconds: float) -> Figure:
    a_day = sold / seconds * 24 * 60 * 60
    result = f"{sold:,} sold in {seconds / 60:.1f} minutes by {CUSTOMERS} customers at a time"
    return Figure("bookings a day on this machine", result, a_day)


def _kinds(took: Took) -> list[Figure]:
    figures = []
    for kind, lengths in took.items():
        told = Round(latencies=lengths)
        result = f"{len(lengths):,} times, p50 {ms(told.percentile(50))}"
        figures.append(Figure(f"{kind}, p99", result, told.percentile(99) * 1000, " ms"))
    return figures

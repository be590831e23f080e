"""A week at the salon, by the same calls that staff and customers make: what was, and what is to come.

What is over was paid at the desk. Of what is to come every fourth is paid in the app where Stripe's stand-in
runs; some of them get their money back, and one goes to the bank.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from bench.salon import open_times
from bookings import attendance, selling
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus, Business, Message, PayAt, Resource, Service
from core.work import jobs
from payments import checkout
from refunds import cancellation
from refunds.reconciliation import run
from sandbox.client import Sandbox

BEFORE, AFTER = 4, 6
BY = By("system", "command")
SEED = 7


@dataclass(frozen=True)
class Slot:
    service: Service
    resource: Resource
    starts_at: datetime


def live(customers: list[User], *, now: datetime) -> None:
    """Fill the days around `now`."""
    chance = random.Random(SEED)  # noqa: S311 - the same week each time
    slots = list(_slots(chance, now))
    for number, slot in enumerate(slot for slot in slots if slot.starts_at <= now):
        _was(number, slot, customers[number % len(customers)], now)
    to_come = [slot for slot in slots if slot.starts_at > now + timedelta(hours=1)]
    bookings = [_comes(n, slot, customers[n % len(customers)], now) for n, slot in enumerate(to_come)]
    if settings.STRIPE_API_BASE:
        _hear()
        _money_goes_back([booking for booking in bookings if booking.pay_at == PayAt.APP])
    _work()
    Message.objects.filter(sent_at=None).update(next_attempt_at=None, last_error="invented: to nobody")


def _slots(chance: random.Random, now: datetime) -> Iterator[Slot]:
    """Times that people come at: one after the other with each person, with gaps."""
    services = list(Service.objects.prefetch_related("resources").order_by("pk"))
    zone = Business.current().zone
    today = now.astimezone(zone).date()
    for day in range(-BEFORE, AFTER + 1):
        for opens, closes in open_times(today + timedelta(days=day), zone):
            for resource in Resource.objects.order_by("pk"):
                yield from _day(chance, services, resource, opens, closes)


def _day(
    chance: random.Random, services: list[Service], resource: Resource, opens: datetime, closes: datetime
) -> Iterator[Slot]:
    at = opens + timedelta(minutes=15) * chance.randrange(5)
    while True:
        service = chance.choice([one for one in services if resource in one.resources.all()])
        if at + service.duration + service.buffer_after > closes:
            return
        yield Slot(service, resource, at)
        at += service.duration + service.buffer_after + timedelta(minutes=15) * chance.randrange(1, 7)


def _was(number: int, slot: Slot, customer: User, now: datetime) -> None:
    """Over: most came, one in nine did not, one in thirteen had cancelled."""
    booking = _at_the_desk(slot, customer, slot.starts_at - timedelta(days=2))
    mine = Booking.objects.filter(pk=booking.pk)
    if number % 13 == 5:
        cancellation.cancel_booking(mine, by=BY, now=slot.starts_at - timedelta(hours=20))
        return
    if number % 9 == 4 and slot.starts_at + timedelta(minutes=20) < now:
        with story_of(mine, by=BY, now=slot.starts_at + timedelta(minutes=20)) as story:
            attendance.no_show(story)
        return
    with story_of(mine, by=BY, now=slot.starts_at - timedelta(minutes=3)) as story:
        attendance.arrive(story)


def _at_the_desk(slot: Slot, customer: User, now: datetime) -> Booking:
    return selling.book_for(
        customer=customer,
        service_id=slot.service.pk,
        starts_at=slot.starts_at,
        resource_id=slot.resource.pk,
        pay_at=PayAt.DESK,
        by=BY,
        now=now,
    )


def _comes(number: int, slot: Slot, customer: User, now: datetime) -> Booking:
    """To come: every fourth is paid in the app, where there is a stand-in for Stripe to pay at."""
    if not settings.STRIPE_API_BASE or number % 4:
        return _at_the_desk(slot, customer, now)
    by = By(f"customer:{customer.pk}", "api")
    booking, _is_new = selling.hold(
        customer=customer,
        service_id=slot.service.pk,
        starts_at=slot.starts_at,
        resource_id=slot.resource.pk,
        by=by,
        now=now,
    )
    sheet = checkout.open_sheet(
        user=customer, reference=booking.reference, mobile_version=None, by=by, now=timezone.now()
    )
    Sandbox(settings.STRIPE_API_BASE).pay(sheet.client_secret.split("_secret_")[0])
    return booking


def _money_goes_back(paid: list[Booking]) -> None:
    """Two cancel in time, the business cancels one, and one asks their bank."""
    in_time = [one for one in paid if one.refundable_until > timezone.now()]
    for number, booking in enumerate(in_time[1:4]):
        mine = Booking.objects.filter(pk=booking.pk, status=BookingStatus.CONFIRMED)
        cancellation.cancel_booking(mine, by=BY, now=timezone.now(), by_business=number == 2)
    _work()
    for booking in in_time[:1]:
        intent = booking.payments.get().stripe_payment_intent_id
        Sandbox(settings.STRIPE_API_BASE).dispute(str(intent), reason="product_not_received")
    _hear()


def _work() -> None:
    """What a worker would do, but for mails."""
    while jobs.run_due(
        timezone.now, [job for job in jobs.jobs() if job.name in ("refunds", "ended bookings")]
    ):
        pass


def _hear() -> None:
    """Take in what Stripe would tell: nobody may be listening while this runs."""
    while run.reconcile(clock=timezone.now, source="command", back=timedelta(hours=1)).tally.healed:
        pass

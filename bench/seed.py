"""Fill a database with bookings and all that hangs on them. Nothing of it exists at Stripe."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from accounts.models import User
from bench import bulk
from bench.invent import invent
from bench.sale import Price, Row
from bookings.models import AuditEntry, Booking, Service
from payments.models import Payment, PaymentTransaction, WebhookEvent
from refunds.models import Dispute, RefundRecord

BOOKINGS_PER_CUSTOMER = 10
PERIOD = timedelta(days=730)
CHUNK = 5000
# Parents first: the foreign keys are checked.
ORDER: tuple[type[Model], ...] = (
    Booking,
    Payment,
    PaymentTransaction,
    RefundRecord,
    Dispute,
    WebhookEvent,
    AuditEntry,
)
SERVICES = (("Deep clean", 4500, "gbp", 90), ("Consultation", 6000, "eur", 60), ("Massage", 9800, "jpy", 45))


def seed(count: int, *, now: datetime, tell: Callable[[int], Any]) -> None:
    """Add `count` bookings made over the two years before `now`; `tell` hears how many are in."""
    prices = [_price(*service) for service in SERVICES]
    customers = _customers(max(count // BOOKINGS_PER_CUSTOMER, 1))
    first = (Booking.objects.aggregate(top=Max("pk"))["top"] or 0) + 1
    for start in range(0, count, CHUNK):
        rows: dict[type, list[Row]] = defaultdict(list)
        for place in range(start, min(start + CHUNK, count)):
            sale = invent(
                first + place,
                customer=customers[place % len(customers)],
                price=prices[place % len(prices)],
                made_at=now - PERIOD * ((count - place) / count),
                now=now,
            )
            for model, more in sale.items():
                rows[model] += more
        _insert(rows)
        tell(min(start + CHUNK, count))
    bulk.mend_sequences([Booking])
    bulk.analyze()


def _insert(rows: dict[type, list[Row]]) -> None:
    with transaction.atomic():
        for model in ORDER:
            bulk.insert(model, rows[model])


def _price(name: str, amount: int, currency: str, minutes: int) -> Price:
    service, _ = Service.objects.get_or_create(
        name=name,
        defaults={"price": amount, "currency": currency, "duration": timedelta(minutes=minutes)},
    )
    return Price(service.pk, service.name, service.price, service.currency, service.duration)


def _customers(count: int) -> list[int]:
    names = [f"bench{number}@example.com" for number in range(count)]
    people = [User(username=name, email=name, password="!") for name in names]  # noqa: S106 nobody signs in
    User.objects.bulk_create(people, ignore_conflicts=True, batch_size=2000)
    mine = User.objects.filter(username__startswith="bench").order_by("pk")
    return list(mine.values_list("pk", flat=True)[:count])

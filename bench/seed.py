"""Fill a database with bookings and all that hangs on them. Nothing of it exists at Stripe."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from bench import bulk, people
from bench.account import Account
from bench.diary import Diary
from bench.invent import invent
from bench.sale import Row
from bookings.models import AuditEntry, Booking, Message, Occupation
from payments.books import proving
from payments.models import (
    BalanceLine,
    Payment,
    PaymentTransaction,
    Payout,
    Receipt,
    ReceiptCounter,
    WebhookEvent,
)
from refunds.models import Dispute, EarlyFraudWarning, RefundRecord

BOOKINGS_PER_CUSTOMER = 10
# Two years, or as long as it takes the largest salon that we think of.
PERIOD = timedelta(days=730)
BOOKINGS_PER_DAY = 274
MOST_LEAD = 20  # days
CHUNK = 5000
# Parents first: the foreign keys are checked.
ORDER: tuple[type[Model], ...] = (
    Occupation,
    Booking,
    Message,
    Payment,
    PaymentTransaction,
    Receipt,
    RefundRecord,
    Dispute,
    EarlyFraudWarning,
    WebhookEvent,
    AuditEntry,
    Payout,
    BalanceLine,
)
Rows = dict[type, list[Row]]


def seed(count: int, *, now: datetime, tell: Callable[[int], Any]) -> None:
    """Add `count` bookings and as many customers, of whom one in ten comes ten times.

    They were made over the two years before `now`, many over as many years as a large salon takes for them;
    `tell` hears how many are in.
    """
    period = max(PERIOD, timedelta(days=count / BOOKINGS_PER_DAY))
    diary = Diary(per_day=count / period.days)
    regulars = people.customers(count)[: max(count // BOOKINGS_PER_CUSTOMER, 1)]
    account = Account(diary.zone, _next(Payout))
    numbers = Numbers()
    first = max(_next(Booking), _next(Occupation))
    for start in range(0, count, CHUNK):
        rows: Rows = defaultdict(list)
        for place in range(start, min(start + CHUNK, count)):
            made_at = now - period * ((count - place) / count)
            lead = timedelta(days=random.Random(first + place).randrange(2, MOST_LEAD))  # noqa: S311
            sale = invent(
                first + place,
                customer=regulars[place % len(regulars)],
                price=diary.prices[place % len(diary.prices)],
                place=diary.place((made_at + lead).date()),
                made_at=made_at,
                now=now,
            )
            for model, more in sale.items():
                rows[model] += more
        _number(rows, numbers, account)
        _pay_out(rows, account.due(made_at))
        _insert(rows)
        tell(min(start + CHUNK, count))
    _end(account, numbers, now)


class Numbers:
    """The next keys of what others point to."""

    def __init__(self) -> None:
        self.line = _next(PaymentTransaction)
        self.receipt = _next(Receipt, "number")


def _next(model: type[Model], key: str = "pk") -> int:
    return int(model._default_manager.aggregate(top=Max(key))["top"] or 0) + 1


def _number(rows: Rows, numbers: Numbers, account: Account) -> None:
    """Each line of the statement has a key, a receipt but for chargebacks, and a line of the account."""
    for line in rows[PaymentTransaction]:
        line["id"], numbers.line = numbers.line, numbers.line + 1
        account.take(line)
        if line["kind"] == "chargeback":
            continue
        receipt = {"number": numbers.receipt, "line_id": line["id"], "issued_at": line["recorded_at"]}
        rows[Receipt].append(receipt)
        numbers.receipt += 1


def _pay_out(rows: Rows, due: Iterator[tuple[list[Row], list[Row]]]) -> None:
    for payouts, lines in due:
        rows[Payout] += payouts
        rows[BalanceLine] += lines


def _end(account: Account, numbers: Numbers, now: datetime) -> None:
    rows: Rows = defaultdict(list)
    _pay_out(rows, account.due(now, late=timedelta()))
    rows[BalanceLine] += account.rest()
    _insert(rows)
    account.begin()
    proving.rebuild_all()
    ReceiptCounter.objects.update_or_create(pk=1, defaults={"last": numbers.receipt - 1})
    bulk.mend_sequences([Booking, Occupation, PaymentTransaction, Payout])
    bulk.analyze()


def _insert(rows: Rows) -> None:
    with transaction.atomic():
        for model in ORDER:
            bulk.insert(model, rows[model])

"""A reconciliation that compares as much at each size, and in which both sides agree."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from bench.load import WrongAnswer
from bench.stock import Stock
from core.models import Mark
from payments import gateway
from payments.books import beginning, months
from refunds.models import Dispute, RefundRecord
from refunds.reconciliation import run
from sandbox.client import Sandbox

PAYMENTS = 10
DISPUTES = 5


@dataclass
class Compared:
    """What was invented is unknown to the sandbox, so what of it is open is closed until `restore`."""

    stock: Stock
    sandbox: Sandbox
    disputes: list[int] = field(default_factory=lambda: list(_open().values_list("pk", flat=True)))
    refunds: list[UUID] = field(default_factory=lambda: list(_waiting().values_list("pk", flat=True)))

    def prepare(self) -> datetime:
        """Make payments and disputes here and at the sandbox; it has no others since what is returned."""
        _open().update(is_open=False)
        _waiting().update(status="withdrawn")
        self.sandbox.reset()
        _let_the_books_agree()
        since = _next_second()
        intents = self.sandbox.seed(PAYMENTS)
        self.stock.unpaid(PAYMENTS, now=timezone.now(), intents=intents)
        for intent in intents[:DISPUTES]:
            self.sandbox.dispute(intent)
        with _unpaced():
            run.reconcile(clock=timezone.now, source="command", back=timezone.now() - since)
        return since

    def restore(self) -> None:
        """Leave the admin as much to show as it had."""
        Dispute.objects.filter(pk__in=self.disputes).update(is_open=True)
        RefundRecord.objects.filter(pk__in=self.refunds).update(status="needs_attention")


def compare(since: datetime) -> int:
    """One reconciliation; raises WrongAnswer if anything differs or wasn't looked at."""
    with _unpaced():
        outcome = run.rehearse(clock=timezone.now, back=timezone.now() - since)
    if outcome.left or outcome.tally.seen["payment_intent"] != PAYMENTS:
        raise WrongAnswer(str(outcome.tally))
    return 1


def _let_the_books_agree() -> None:
    """What was invented is nothing that Stripe holds: it is taken out of what was there before."""
    mark = Mark.objects.filter(name=beginning.BOOKS).first()
    if mark is not None:
        ours, theirs, opening = months.held(), gateway.held_balance(), dict(mark.note["opening"])
        for name in {*ours, *theirs}:
            opening[name] = opening.get(name, 0) + theirs.get(name, 0) - ours.get(name, 0)
        Mark.objects.filter(pk=mark.pk).update(note={**mark.note, "opening": opening})


def _open() -> QuerySet[Dispute]:
    return Dispute.objects.filter(is_open=True)


def _waiting() -> QuerySet[RefundRecord]:
    return RefundRecord.objects.filter(status="needs_attention")


def _next_second() -> datetime:
    """Stripe's times are whole seconds: wait until none of what was done before is in the present one."""
    now = timezone.now()
    time.sleep(1 - now.microsecond / 1_000_000)
    return now.replace(microsecond=0) + timedelta(seconds=1)


def _unpaced() -> override_settings:
    """Our own cost counts, not the waiting for Stripe."""
    return override_settings(STRIPE_PACE=1_000_000)

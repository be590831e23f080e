"""A worker whose time a test decides, here and at Stripe."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from bookings.audit import hash_of
from bookings.calendar import reminder_times
from bookings.models import Booking
from core.work import jobs, lease
from refunds.models import RefundRecord
from sandbox.client import Obj, Sandbox

REFUNDS = "/v1/refunds"


@dataclass
class Worker:
    sandbox: Sandbox
    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def run(self) -> None:
        """Do all that is due."""
        jobs.run_until_idle(self.now)

    def wait(self, span: timedelta) -> None:
        """Time passes, and then all that is due is done."""
        self.ahead += span
        self.sandbox.advance(span.total_seconds())
        self.run()

    def fault(self, kind: str, *, method: str = "POST", path: str = REFUNDS, **rule: object) -> None:
        """Something goes wrong with refunds at Stripe: once, unless `count` says otherwise."""
        self.sandbox.fault(kind, **{"method": method, "path": path, "count": 1, **rule})


def record_of(booking: Booking) -> RefundRecord:
    """The booking's only refund record, as it is now."""
    return RefundRecord.objects.get(booking=booking)


def held_by(worker: Worker, booking: Booking) -> RefundRecord:
    """The booking's only refund record, in the hands of this worker, whenever it is due."""
    until = worker.now() + lease.LEASE
    RefundRecord.objects.filter(booking=booking).update(lease_token=uuid.uuid4(), lease_until=until)
    return record_of(booking)


def intent_of(booking: Booking) -> str:
    """The PaymentIntent that pays for the booking."""
    return str(booking.payments.get(status="succeeded", orphaned=False).stripe_payment_intent_id)


def refunds_at_stripe(sandbox: Sandbox, booking: Booking) -> list[Obj]:
    """What Stripe has of this booking's payments, oldest first."""
    intents = booking.payments.exclude(stripe_payment_intent_id=None).values_list(
        "stripe_payment_intent_id", flat=True
    )
    return [refund for intent in intents for refund in sandbox.refunds_of(str(intent))]


def statement_of(booking: Booking) -> list[tuple[str, int]]:
    """The booking's statement, oldest line first."""
    return [(line.kind, line.amount) for line in booking.transactions.order_by("id")]


def mails(booking: Booking, to: str = "customer") -> list[str]:
    """The kinds of mail written for the booking, oldest first, but for reminders of what is still to come."""
    written = booking.messages.filter(to=to).exclude(kind__in=reminder_times.KINDS)
    return list(written.order_by("id").values_list("kind", flat=True))


def chain_is_whole(booking: Booking) -> bool:
    """Whether every entry of the booking's trail follows from the one before, up to the head."""
    head = ""
    for entry in booking.audit_entries.order_by("id"):
        if entry.previous_hash != head or entry.entry_hash != hash_of(entry):
            return False
        head = entry.entry_hash
    return head == Booking.objects.get(pk=booking.pk).audit_head

"""The trail and the mails to the letter: who reads them years later has nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bookings.calendar.reminder_times import KINDS
from bookings.models import Booking, Message, Service
from config.tests.world import Customer, Postman
from refunds import attempts
from refunds.disputes import reading
from refunds.models import RefundRecord
from refunds.sending import submission
from refunds.tests.workshop import Worker, held_by, intent_of, record_of, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
MINUTE = timedelta(minutes=1)


class Told:
    """What trail and outbox say of a booking since this began, with names for ids."""

    def __init__(self, booking: Booking) -> None:
        self.booking = booking
        self.seen = booking.audit_entries.count()

    def trail(self) -> list[str]:
        entries = self.booking.audit_entries.order_by("id")[self.seen :]
        lines = [f"{entry.actor} {entry.action} {_text(entry.detail)}" for entry in entries]
        return [self._named(line) for line in lines if " mail." not in line]

    def mails(self) -> list[str]:
        mails = Message.objects.filter(booking=self.booking).exclude(kind__in=KINDS).order_by("id")
        return [self._named(f"{mail.key} {_text(mail.facts)}".strip()) for mail in mails]

    def _named(self, text: str) -> str:
        for name, value in self._names():
            text = text.replace(value, name)
        return text

    def _names(self) -> Iterator[tuple[str, str]]:
        yield "BOOKING", self.booking.reference
        for number, record in enumerate(sorted(self.booking.refunds.all(), key=self._first_told), 1):
            yield f"RECORD{number}", str(record.pk)
            if record.stripe_refund_id:
                yield f"REFUND{number}", record.stripe_refund_id
        for number, payment in enumerate(self.booking.payments.order_by("created_at"), 1):
            yield f"PAYMENT{number}", str(payment.pk)
            yield f"INTENT{number}", str(payment.stripe_payment_intent_id)

    def _first_told(self, record: RefundRecord) -> int:
        return int(self.booking.audit_entries.filter(detail__id=str(record.pk)).earliest("id").pk)


def _text(detail: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(detail.items()))


BOOKED = [
    "customer:booking_confirmed:BOOKING:",
    "customer:booking_cancelled:BOOKING: currency=gbp disputed=False refund=4500 rule=in_time",
]
ALL = "amount=4500 currency=gbp record=RECORD1"
SENDING = "system refund.sending from=queued id=RECORD1 to=sending"
SENT = [
    "system refund.succeeded from=sending id=RECORD1 refund=REFUND1 to=succeeded",
    "system statement.refund amount=-4500 currency=gbp stripe_id=REFUND1",
]


def test_declined_once_and_then_paid(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    told = Told(booking)
    customer.pay(booking, "pm_card_visa_chargeDeclined")
    postman.deliver()
    customer.pay(booking)
    postman.deliver()
    assert told.trail() == [
        f"customer:{booking.customer_id} payment.open amount=4500 currency=gbp id=PAYMENT1",
        "stripe payment.declined code=card_declined id=PAYMENT1",
        "stripe payment.succeeded from=open id=PAYMENT1 to=succeeded",
        "stripe statement.payment amount=4500 currency=gbp stripe_id=INTENT1",
        "stripe booking.confirmed from=pending_payment to=confirmed",
    ]
    assert told.mails() == BOOKED[:1]


def test_sent_and_brought_back_by_the_bank(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    told = Told(cancelled)
    worker.run()
    sandbox.settle()
    postman.deliver()
    sandbox.fail_refund(refunds_at_stripe(sandbox, cancelled)[0]["id"])
    postman.deliver()
    reference = record_of(cancelled).bank_reference
    why = "amount=4500 currency=gbp record=RECORD1 why=lost_or_stolen_card"
    assert told.trail() == [
        SENDING,
        *SENT,
        f"stripe refund.noted bank_reference={reference} id=RECORD1",
        "stripe refund.failed from=succeeded id=RECORD1 refund=REFUND1 to=failed",
        "stripe statement.refund_returned amount=4500 currency=gbp stripe_id=REFUND1",
    ]
    assert told.mails() == [
        *BOOKED,
        f"customer:refund_sent:BOOKING:REFUND1 {ALL}",
        f"customer:refund_failed:BOOKING:REFUND1 {why}",
        f"staff:refund_failed:BOOKING:REFUND1 {why}",
    ]


def test_sent_after_an_answer_that_nobody_heard(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> None:
    told = Told(cancelled)
    worker.fault("dropped")
    worker.run()
    worker.wait(MINUTE)
    assert told.trail() == [
        SENDING,
        "system refund.unknown code=APIConnectionError from=sending id=RECORD1 to=unknown",
        "system refund.queued from=unknown id=RECORD1 looked_up=Stripe has none to=queued",
        SENDING,
        *SENT,
    ]
    assert told.mails() == [*BOOKED, f"customer:refund_sent:BOOKING:REFUND1 {ALL}"]


def test_a_part_refunded_in_the_dashboard_meanwhile(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    told = Told(cancelled)
    sandbox.dashboard_refund(intent_of(cancelled), 1000)
    worker.wait(MINUTE)
    assert told.trail() == [
        SENDING,
        "system refund.found amount=1000 id=RECORD2 refund=REFUND2",
        "system refund.succeeded from=sending id=RECORD2 refund=REFUND2 to=succeeded",
        "system statement.refund amount=-1000 currency=gbp stripe_id=REFUND2",
        "system refund.trimmed amount=4500 id=RECORD1 to=3500",
        "system refund.queued from=sending id=RECORD1 to=queued",
        SENDING,
        "system refund.succeeded from=sending id=RECORD1 refund=REFUND1 to=succeeded",
        "system statement.refund amount=-3500 currency=gbp stripe_id=REFUND1",
    ]
    assert told.mails() == [
        *BOOKED,
        "customer:refund_sent:BOOKING:REFUND2 amount=1000 currency=gbp record=RECORD2",
        "customer:refund_sent:BOOKING:REFUND1 amount=3500 currency=gbp record=RECORD1",
    ]


def test_given_up(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> None:
    told = Told(cancelled)
    RefundRecord.objects.update(attempts=attempts.MOST_ATTEMPTS)
    worker.fault("rate_limit")
    worker.run()
    record = record_of(cancelled)
    assert (record.lease_token, record.lease_until, record.next_attempt_at) == (None, None, None)
    assert told.trail() == [
        SENDING,
        "system refund.needs_attention code=rate_limit from=sending id=RECORD1 to=needs_attention",
    ]
    about = "BOOKING:RECORD1"
    assert told.mails() == [
        *BOOKED,
        f"customer:refund_delayed:{about} {ALL}",
        f"staff:refund_needs_attention:{about}:1 amount=4500 code=rate_limit currency=gbp record=RECORD1",
    ]


def test_waiting_for_the_balance(
    cancelled: Booking, worker: Worker, sandbox: Sandbox, postman: Postman
) -> None:
    told = Told(cancelled)
    sandbox.set_balance("gbp", 0)
    worker.run()
    postman.deliver()
    assert told.trail() == [
        SENDING,
        "system refund.pending from=sending id=RECORD1 refund=REFUND1 to=pending",
    ]
    assert told.mails() == [
        *BOOKED,
        f"staff:refund_waits:BOOKING:REFUND1:insufficient_funds {ALL} why=insufficient_funds",
    ]


def test_refunded_in_full_in_the_dashboard(cancelled: Booking, worker: Worker, sandbox: Sandbox) -> None:
    told = Told(cancelled)
    sandbox.dashboard_refund(intent_of(cancelled))
    worker.run()
    assert told.trail() == [
        SENDING,
        "system refund.found amount=4500 id=RECORD2 refund=REFUND2",
        "system refund.succeeded from=sending id=RECORD2 refund=REFUND2 to=succeeded",
        "system statement.refund amount=-4500 currency=gbp stripe_id=REFUND2",
        "system refund.superseded from=sending id=RECORD1 to=superseded",
    ]
    assert told.mails() == [
        *BOOKED,
        "customer:refund_sent:BOOKING:REFUND2 amount=4500 currency=gbp record=RECORD2",
    ]


def test_refused_because_of_a_chargeback_in_the_last_moment(
    cancelled: Booking, worker: Worker, sandbox: Sandbox
) -> None:
    told = Told(cancelled)
    asked_before = reading.LiveDisputes([cancelled.payments.get()], worker.now)
    asked_before.against(cancelled.payments.get())
    sandbox.dispute(intent_of(cancelled))
    submission.submit(held_by(worker, cancelled), asked_before, worker.now)
    assert told.trail()[:2] == [
        SENDING,
        "system refund.queued code=charge_disputed from=sending id=RECORD1 to=queued",
    ]

"""What tests of every room may ask for about refunds and disputes."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import TOO_LATE, Customer, Postman, run_workers
from refunds.dispute_response import draft, filing
from refunds.models import Dispute, RefundRecord
from refunds.tests.bookkeeping import Reconcile
from refunds.tests.workshop import Worker, intent_of
from sandbox.client import Sandbox


@pytest.fixture
def worker(sandbox: Sandbox) -> Worker:
    return Worker(sandbox)


@pytest.fixture
def cancelled(customer: Customer, paid: Booking) -> Booking:
    """Paid and cancelled in time: 4500 are owed and queued."""
    customer.cancel(paid)
    paid.refresh_from_db()
    return paid


@pytest.fixture
def queued(cancelled: Booking) -> RefundRecord:
    return cancelled.refunds.get()


@pytest.fixture
def failed(cancelled: Booking, postman: Postman, sandbox: Sandbox) -> RefundRecord:
    """A refund that the bank returned."""
    run_workers()
    record = cancelled.refunds.get()
    sandbox.fail_refund(record.stripe_refund_id or "")
    postman.deliver()
    record.refresh_from_db()
    return record


@pytest.fixture
def massage(db: None) -> Service:
    """Another appointment for one at a time, so that a customer may have two at once."""
    return Service.objects.create(name="Massage", duration=timedelta(hours=1), price=6000, currency="gbp")


@pytest.fixture
def reconcile(capsys: pytest.CaptureFixture[str]) -> Reconcile:
    """Run the command; its output, after its exit status was what it should be."""

    def run(*options: str, status: int = 0) -> str:
        ended = 0
        try:
            call_command("reconcile", *options)
        except SystemExit as stop:
            ended = int(str(stop.code))
        said = capsys.readouterr()
        assert ended == status, said.out + said.err
        return said.out

    return run


@pytest.fixture
def shop(db: None) -> Service:
    """An appointment for many at a time, so that a day's life fits."""
    return Service.objects.create(
        name="Class", duration=timedelta(hours=1), price=4500, currency="gbp", capacity=100
    )


@pytest.fixture
def staff(db: None) -> By:
    user = User.objects.create_user("grace", is_staff=True)
    return By(f"staff:{user.pk}", "admin")


@pytest.fixture
def disputed(customer: Customer, service: Service, sandbox: Sandbox, postman: Postman) -> Dispute:
    """Cancelled too late, and then disputed."""
    booking = customer.book_and_pay(service, starts_in=TOO_LATE)
    customer.cancel(booking, expected_refund=0)
    sandbox.dispute(intent_of(booking), reason="credit_not_processed")
    postman.deliver()
    run_workers()
    return Dispute.objects.get(booking=booking)


@pytest.fixture
def staged(disputed: Dispute, staff: By) -> Dispute:
    texts = draft.of(disputed, timezone.now()).texts
    filing.stage(disputed, texts=texts, by=staff, now=timezone.now())
    disputed.refresh_from_db()
    return disputed

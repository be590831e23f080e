"""What tests of disputes do again and again."""

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.world import Postman, run_workers
from core.errors import DomainError
from refunds.dispute_response import draft, filing
from refunds.models import Dispute
from refunds.tests.workshop import intent_of, record_of, statement_of
from sandbox.client import Obj, Sandbox

OUR_MONEY = ("payment", "refund", "refund_returned", "chargeback", "chargeback_returned")
UPDATES = "/v1/disputes/*"


def tell(postman: Postman) -> None:
    """All events arrive, and workers do what follows."""
    postman.deliver()
    run_workers()


def kept(booking: Booking) -> int:
    """What the business has of the customer's money, fees aside."""
    return sum(amount for kind, amount in statement_of(booking) if kind in OUR_MONEY)


def held(booking: Booking) -> tuple[str, str]:
    record = record_of(booking)
    return record.status, record.held_for


def submit(dispute: Dispute, staff: By) -> None:
    digest = draft.of(dispute, timezone.now()).digest
    filing.submit(dispute, digest=digest, by=staff, now=timezone.now())
    dispute.refresh_from_db()


def at_stripe(sandbox: Sandbox) -> Obj:
    (dispute,) = sandbox.all("disputes")
    return dispute


def refused(code: str) -> "pytest.RaisesExc[DomainError]":
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def updates(sandbox: Sandbox) -> int:
    """How often Stripe was told something of a dispute."""
    return sum(1 for event in sandbox.all("events") if event["type"] == "charge.dispute.updated")


def dispute_of(booking: Booking, sandbox: Sandbox, postman: Postman, **how: object) -> Dispute:
    """The customer's bank disputes what was paid for a booking, and we have heard of it."""
    at = sandbox.dispute(intent_of(booking), **how)  # type: ignore[arg-type]
    tell(postman)
    return Dispute.objects.get(stripe_dispute_id=at["id"])

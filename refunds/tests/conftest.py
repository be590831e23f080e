from datetime import timedelta

import pytest

from bookings.models import Booking, Service
from config.tests.world import Customer
from refunds.tests.workshop import Worker
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
def massage(db: None) -> Service:
    """Another appointment for one at a time, so that a customer may have two at once."""
    return Service.objects.create(name="Massage", duration=timedelta(hours=1), price=6000, currency="gbp")

"""For an appointment to come it is said what a dispute would lack, while it can still be mended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Business, Service
from config.tests.world import run_workers
from payments.models import PurchaseTrace
from refunds.dispute_response import missing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def whole(paid: Booking) -> Booking:
    """A booking of which nothing is missing."""
    Business(name="Ada's Baths", address="1 High Street, Bath").save()
    Service.objects.update(description="Everything, twice.")
    paid.customer.name = "Ada Lovelace"
    paid.customer.save()
    run_workers()
    return Booking.objects.get(pk=paid.pk)


def lacks(booking: Booking) -> str:
    return " ".join(missing.of_booking(Booking.objects.get(pk=booking.pk), timezone.now()))


def test_where_nothing_is_missing_nothing_is_said(whole: Booking) -> None:
    assert lacks(whole) == ""


def test_each_thing_that_is_missing_is_said(whole: Booking) -> None:
    whole.customer.name = ""
    whole.customer.save()
    assert "The customer's name" in lacks(whole)
    whole.messages.update(sent_at=None)
    assert "A mail that has reached the customer" in lacks(whole)
    whole.customer.email = ""
    whole.customer.save()
    assert "An e-mail address" in lacks(whole)
    Business.objects.update(address="")
    assert "name and address of the business" in lacks(whole)
    Service.objects.update(description="")
    assert "A description of “Deep clean”" in lacks(whole)
    PurchaseTrace.objects.all().delete()
    assert "From which address or device it was paid" in lacks(whole)


def test_of_what_is_over_nothing_is_said(whole: Booking) -> None:
    PurchaseTrace.objects.all().delete()
    assert missing.of_booking(whole, whole.starts_at + timedelta(seconds=1)) == []
    Booking.objects.update(status="cancelled", cancelled_at=timezone.now())
    assert lacks(whole) == ""

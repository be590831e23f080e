"""For an appointment to come it is said what a dispute would lack, while it can still be mended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import selling
from bookings.audit import By
from bookings.models import Booking, Business, PayAt, Service
from config.tests.world import Customer, run_workers
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


def booked_by(staff: By, customer: Customer, service: Service, pay_at: PayAt) -> Booking:
    """Staff book for the customer."""
    now = timezone.now()
    soon = {"starts_at": now + timedelta(days=2), "pay_at": pay_at, "by": staff, "now": now}
    return selling.book_for(customer=customer.user, service_id=service.pk, **soon)  # type: ignore[arg-type]


def test_what_the_business_booked_lacks_the_customers_word(
    customer: Customer, service: Service, staff: By
) -> None:
    booking = booked_by(staff, customer, service, PayAt.APP)
    assert lacks(booking) == ""
    customer.pay(booking)
    customer.postman.deliver()
    assert "That the customer agreed to the terms" in lacks(booking)


def test_what_was_not_paid_through_stripe_can_not_be_disputed(
    customer: Customer, service: Service, staff: By
) -> None:
    assert lacks(booked_by(staff, customer, service, PayAt.DESK)) == ""

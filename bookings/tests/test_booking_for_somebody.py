"""Staff book for somebody on the phone or at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings import selling
from bookings.audit import By
from bookings.models import Booking, Occupation, PayAt
from bookings.tests.salon import at, open_salon
from config.tests.world import Customer
from core.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = By("staff:1", "admin")


def test_at_the_desk_it_is_confirmed_at_any_open_minute_and_nothing_is_owed(customer: Customer) -> None:
    salon, now = open_salon(["Ada"], lead=timedelta(days=300)), timezone.now()
    wish: dict[str, Any] = {"customer": customer.user, "service_id": salon.cut.pk, "by": STAFF, "now": now}
    booking = selling.book_for(
        **wish, starts_at=at(salon.monday, 9, 7), pay_at=PayAt.DESK, note="Allergic to henna."
    )
    assert (booking.status, booking.pay_at, booking.hold_expires_at) == ("confirmed", "desk", None)
    assert booking.note == "Allergic to henna."
    assert booking.resource == salon.people[0]
    assert list(booking.audit_entries.values_list("action", flat=True)) == [
        "booking.made",
        "booking.confirmed",
    ]
    quote = customer.get(f"booking/{booking.reference}/cancel/")
    assert quote["refund"]["rule"] == "nothing_paid"
    for hour, minute, code in ((9, 20, "slot_taken"), (8, 45, "not_offered")):
        with pytest.raises(DomainError) as refused:
            selling.book_for(**wish, starts_at=at(salon.monday, hour, minute))
        assert refused.value.code == code
    assert Occupation.objects.count() == 1


def test_in_the_app_it_is_held_until_it_is_paid(customer: Customer) -> None:
    salon, now = open_salon(["Ada"]), timezone.now()
    booking = selling.book_for(
        customer=customer.user, service_id=salon.cut.pk, starts_at=at(salon.monday, 9), by=STAFF, now=now
    )
    assert (booking.status, booking.pay_at) == ("pending_payment", "app")
    assert booking.hold_expires_at == now + timedelta(minutes=15)
    customer.pay(booking)
    customer.postman.deliver()
    assert Booking.objects.get().status == "confirmed"

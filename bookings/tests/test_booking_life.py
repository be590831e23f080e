"""The arrows of a booking, and the one writer of its status."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import lifecycle
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus, Service
from config.tests.world import Customer
from core import states

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = By("staff:1", "admin")
ALLOWED = {
    ("pending_payment", "confirmed"),
    ("pending_payment", "cancelled"),
    ("pending_payment", "expired"),
    ("confirmed", "cancelled"),
    ("confirmed", "completed"),
    ("confirmed", "no_show"),
    ("completed", "no_show"),
    ("no_show", "confirmed"),
    ("no_show", "completed"),
    ("expired", "confirmed"),
}


@pytest.mark.parametrize("before", BookingStatus.values)
@pytest.mark.parametrize("after", BookingStatus.values)
def test_a_booking_takes_only_the_drawn_arrows(
    customer: Customer, service: Service, before: str, after: str
) -> None:
    now = timezone.now()
    booking = customer.book(service)
    Booking.objects.filter(pk=booking.pk).update(status=before, cancelled_at=now)

    def move() -> None:
        with story_of(Booking.objects.filter(pk=booking.pk), by=STAFF, now=now) as story:
            story.move(story.booking, after)

    if (before, after) in ALLOWED:
        move()
    else:
        with pytest.raises(states.ForbiddenArrow):
            move()
    booking.refresh_from_db()
    assert booking.status == (after if (before, after) in ALLOWED else before)


def test_what_fails_in_a_story_never_happened(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    told = booking.audit_entries.count()

    def confirm_and_fail() -> None:
        with story_of(Booking.objects.filter(pk=booking.pk), by=STAFF, now=timezone.now()) as story:
            lifecycle.confirm(story)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        confirm_and_fail()
    booking.refresh_from_db()
    assert (booking.status, booking.audit_entries.count()) == ("pending_payment", told)
    assert booking.messages.count() == 0


def test_a_confirmed_booking_is_complete_when_its_time_is_over(paid: Booking) -> None:
    def after(span: timedelta) -> int:
        return lifecycle.complete_ended(lambda: paid.ends_at + span)

    assert after(-timedelta(microseconds=1)) == 0
    assert after(timedelta(0)) == 1
    assert after(timedelta(0)) == 0
    paid.refresh_from_db()
    assert paid.status == "completed"
    assert [entry.actor for entry in paid.audit_entries.filter(action="booking.completed")] == ["system"]

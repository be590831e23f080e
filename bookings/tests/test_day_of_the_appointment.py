"""Arrived, did not come, and late payments that look for a place."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bookings import attendance, lifecycle
from bookings.audit import By, Story, story_of
from bookings.models import Booking, CalendarException, Occupation
from bookings.tests.salon import Salon, ask, at, open_salon
from config.tests.world import Customer
from core.errors import DomainError
from refunds import cancellation

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = By("staff:1", "admin")


@pytest.fixture
def salon(transactional_db: None) -> Salon:
    return open_salon(["Ada", "Ben"])


def do(booking: Booking, what: Callable[[Story], None], now: datetime) -> str:
    """Do it as staff; returns the code of what was in the way."""
    try:
        with story_of(Booking.objects.filter(pk=booking.pk), by=STAFF, now=now) as story:
            what(story)
    except DomainError as error:
        return error.code
    booking.refresh_from_db()
    return ""


def test_a_no_show_is_one_only_after_the_start_and_nothing_goes_back(paid: Booking) -> None:
    assert do(paid, attendance.no_show, paid.starts_at - timedelta(microseconds=1)) == "not_started"
    assert do(paid, attendance.no_show, paid.starts_at) == ""
    assert paid.status == "no_show"
    assert not cancellation.quote(paid, now=paid.starts_at).cancellable
    assert paid.refunds.count() == 0


def test_a_no_show_can_be_taken_back_for_a_week(paid: Booking) -> None:
    do(paid, attendance.no_show, paid.starts_at)
    assert do(paid, attendance.undo_no_show, paid.starts_at + timedelta(minutes=5)) == ""
    assert paid.status == "confirmed"
    lifecycle.complete_ended(lambda: paid.ends_at)
    paid.refresh_from_db()
    assert do(paid, attendance.no_show, paid.ends_at) == ""
    assert do(paid, attendance.undo_no_show, paid.starts_at + timedelta(days=7, seconds=1)) == "too_late"
    assert do(paid, attendance.undo_no_show, paid.starts_at + timedelta(days=7)) == ""
    assert paid.status == "completed"
    assert do(paid, attendance.undo_no_show, paid.ends_at) == "not_no_show"


def test_who_arrived_is_no_no_show_until_that_is_taken_back(paid: Booking) -> None:
    assert do(paid, attendance.arrive, paid.starts_at) == ""
    assert paid.arrived_at == paid.starts_at
    assert do(paid, attendance.no_show, paid.starts_at) == "arrived"
    assert do(paid, lambda story: attendance.arrive(story, arrived=False), paid.starts_at) == ""
    assert do(paid, attendance.no_show, paid.starts_at) == ""
    assert do(paid, attendance.arrive, paid.starts_at) == "not_confirmed"
    told = list(paid.audit_entries.values_list("action", flat=True))
    assert told[-3:] == ["booking.arrived", "booking.not_arrived", "booking.no_show"]


def expired(customer: Customer, salon: Salon) -> Booking:
    """A booking with Ada at nine, whose hold ran out."""
    answer = ask(customer, salon.cut, at(salon.monday, 9), resource=salon.people[0].pk)[1]
    booking = Booking.objects.get(reference=answer["reference"])
    do(booking, lifecycle.expire, booking.created_at)
    assert Occupation.objects.count() == 0
    return booking


def test_a_late_payment_gets_its_person_again(customer: Customer, salon: Salon) -> None:
    booking = expired(customer, salon)
    assert do(booking, lifecycle.confirm, booking.created_at) == ""
    assert (booking.status, booking.resource) == ("confirmed", salon.people[0])
    assert booking.occupation is not None


def test_a_late_payment_gets_another_person_when_its_own_is_taken(
    customer: Customer, stranger: Customer, salon: Salon
) -> None:
    booking = expired(customer, salon)
    ask(stranger, salon.cut, at(salon.monday, 9), resource=salon.people[0].pk)
    assert do(booking, lifecycle.confirm, booking.created_at) == ""
    assert booking.resource == salon.people[1]
    assert Occupation.objects.count() == 2


def test_a_late_payment_without_a_place_cannot_stay(
    customer: Customer, stranger: Customer, salon: Salon
) -> None:
    booking = expired(customer, salon)
    CalendarException.objects.create(first_day=salon.monday, last_day=salon.monday)

    def can_it(story: Story) -> None:
        assert not lifecycle.can_confirm(story)

    assert do(booking, can_it, booking.created_at) == ""
    CalendarException.objects.all().delete()
    for one in salon.people:
        assert ask(stranger, salon.cut, at(salon.monday, 9), resource=one.pk)[0] == 201
    assert do(booking, can_it, booking.created_at) == ""
    assert do(booking, lifecycle.confirm, booking.created_at) == "slot_taken"

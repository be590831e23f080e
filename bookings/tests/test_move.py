"""Moving an appointment: nothing buys a refund by it, nothing loses one, and no place is lost on the way."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from bookings import moving
from bookings.audit import By
from bookings.models import Booking, CalendarException, Occupation
from bookings.tests.salon import DAY, Salon, ask, at, open_salon
from config.tests.racing import at_once
from config.tests.world import Customer
from core.errors import DomainError
from refunds import cancellation

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = By("staff:1", "admin")
NOTICE = timedelta(hours=12)


@pytest.fixture
def salon(transactional_db: None) -> Salon:
    return open_salon(["Ada", "Ben"])


def buy(customer: Customer, salon: Salon, starts_at: datetime) -> Booking:
    answer = ask(customer, salon.cut, starts_at)[1]
    booking = Booking.objects.get(reference=answer["reference"])
    customer.pay(booking)
    customer.postman.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    return booking


def move(customer: Customer, booking: Booking, to: datetime, **more: Any) -> tuple[int, dict[str, Any]]:
    wish = {"starts_at": to.isoformat(), **more}
    response = customer.api.post(f"/api/v1/booking/{booking.reference}/move/", wish)
    return response.status_code, dict(response.json())


def quote(customer: Customer, booking: Booking, to: datetime) -> dict[str, Any]:
    return customer.get(f"booking/{booking.reference}/move/?starts_at={to:%Y-%m-%dT%H:%M:%SZ}")


def zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_a_move_keeps_everything_but_the_time(customer: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    to = at(salon.monday + DAY, 11, 30)
    quoted = quote(customer, booking, to)
    assert quoted.pop("server_time")
    assert quoted == {
        "movable": True,
        "code": None,
        "starts_at": zulu(to),
        "ends_at": zulu(to + timedelta(minutes=30)),
        "refundable_until": zulu(to - NOTICE),
    }
    status, answer = move(customer, booking, to, expected_refundable_until=quoted["refundable_until"])
    assert (status, answer["starts_at"], answer["status"]) == (200, zulu(to), "confirmed")
    assert answer["refundable_until"] == zulu(to - NOTICE)
    assert (answer["reference"], answer["amount"]) == (booking.reference, 3000)
    assert answer["resource"]["id"] == booking.resource_id
    occupation = Occupation.objects.get()
    assert (occupation.starts_at, occupation.resource_id) == (to, booking.resource_id)
    assert booking.audit_entries.filter(action="booking.moved").count() == 1
    assert booking.messages.filter(kind="booking_moved").count() == 1
    assert ask(customer, salon.cut, at(salon.monday, 9), resource=booking.resource_id)[0] == 201


def test_asked_again_it_is_moved_once(customer: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    to = at(salon.monday, 12)
    assert [answer for _, answer in at_once([partial(move, customer, booking, to)] * 4)]
    assert move(customer, booking, to)[0] == 200
    booking.refresh_from_db()
    assert (booking.moves, booking.starts_at) == (1, to)
    assert Occupation.objects.count() == 1


def test_it_may_overlap_its_own_old_place(customer: Customer, salon: Salon) -> None:
    salon.cut.duration = timedelta(minutes=90)
    salon.cut.save()
    booking = buy(customer, salon, at(salon.monday, 9))
    status, answer = move(customer, booking, at(salon.monday, 9, 30), resource=booking.resource_id)
    assert (status, answer["ends_at"]) == (200, zulu(at(salon.monday, 11)))


def test_it_is_as_long_as_it_was_sold(customer: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    salon.cut.duration, salon.cut.price = timedelta(hours=2), 9900
    salon.cut.save()
    answer = move(customer, booking, at(salon.monday, 16, 30))[1]
    assert (answer["ends_at"], answer["amount"]) == (zulu(at(salon.monday, 17)), 3000)
    assert answer["service"]["duration_minutes"] == 30


def test_where_it_cannot_go_it_stays(customer: Customer, stranger: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    for one in salon.people:
        ask(stranger, salon.cut, at(salon.monday, 10), resource=one.pk)
    CalendarException.objects.create(first_day=salon.monday + DAY, last_day=salon.monday + DAY)
    for to, code in (
        (at(salon.monday, 10), "slot_taken"),
        (at(salon.monday, 10, 10), "not_offered"),
        (at(salon.monday + DAY, 10), "not_offered"),
        (timezone.now() - DAY, "not_offered"),
        (at(salon.monday, 9).replace(year=salon.monday.year + 4), "not_offered"),
    ):
        assert quote(customer, booking, to)["code"] == code
        status, problem = move(customer, booking, to)
        assert (status, problem["code"]) == (409, code)
    assert move(customer, booking, at(salon.monday, 12), resource=2**31)[1]["code"] == "invalid"
    before = Booking.objects.get(pk=booking.pk)
    assert (before.starts_at, before.moves) == (at(salon.monday, 9), 0)
    assert before.occupation == booking.occupation
    assert Occupation.objects.count() == 3


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_at_an_end_of_the_calendar_is_refused(customer: Customer, salon: Salon, when: str) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    address = f"/api/v1/booking/{booking.reference}/move/"
    assert customer.api.get(f"{address}?starts_at={when}").status_code == 400
    assert customer.api.post(address, {"starts_at": when}).status_code == 400


def test_terms_that_changed_move_nothing(customer: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    to = at(salon.monday, 12)
    status, problem = move(customer, booking, to, expected_refundable_until=zulu(to))
    assert (status, problem["code"]) == (409, "terms_changed")
    assert problem["quote"]["refundable_until"] == zulu(to - NOTICE)
    assert Booking.objects.get().starts_at == at(salon.monday, 9)


def test_a_customer_moves_while_cancelling_gives_everything_back(customer: Customer, salon: Salon) -> None:
    booking, to = buy(customer, salon, at(salon.monday, 9)), at(salon.monday, 12)
    Booking.objects.update(refundable_until=timezone.now() - timedelta(seconds=1))
    assert quote(customer, booking, to)["code"] == "too_late_to_move"
    assert move(customer, booking, to)[1]["code"] == "too_late_to_move"
    Booking.objects.update(refundable_until=timezone.now() + timedelta(minutes=1))
    assert move(customer, booking, to)[0] == 200


@pytest.mark.parametrize("status", ["pending_payment", "cancelled", "expired", "completed", "no_show"])
def test_only_what_is_confirmed_can_be_moved(customer: Customer, salon: Salon, status: str) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    Booking.objects.update(status=status, cancelled_at=timezone.now())
    for to in (at(salon.monday, 12), booking.starts_at):
        assert quote(customer, booking, to)["code"] == "not_movable"
        assert move(customer, booking, to)[1]["code"] == "not_movable"


def test_anothers_booking_is_not_found(customer: Customer, stranger: Customer, salon: Salon) -> None:
    booking = buy(customer, salon, at(salon.monday, 9))
    assert move(stranger, booking, at(salon.monday, 12))[0] == 404
    assert stranger.get(f"booking/{booking.reference}/move/?starts_at=2026-12-01T09:00:00Z", status=404)


def test_the_business_moves_to_any_open_minute_and_never_shortens_the_time_to_cancel(
    customer: Customer, salon: Salon
) -> None:
    booking = buy(customer, salon, at(salon.monday + DAY, 9))
    now = at(salon.monday, 14)

    def by_staff(to: datetime) -> datetime:
        these = Booking.objects.filter(pk=booking.pk)
        until: datetime = moving.move(these, to, by=STAFF, now=now, by_business=True).refundable_until
        return until

    # Later: the new start less the notice. At once: a day, but not after the start.
    assert by_staff(at(salon.monday + 3 * DAY, 9, 7)) == at(salon.monday + 2 * DAY, 21, 7)
    assert by_staff(at(salon.monday + 3 * DAY, 9)) == at(salon.monday + 2 * DAY, 21, 7)
    assert by_staff(at(salon.monday, 15)) == at(salon.monday, 15)
    with pytest.raises(DomainError, match="starts_in_past"):
        by_staff(now)


def oracle(history: list[tuple[str, datetime, datetime]]) -> datetime:
    """When free cancellation ends, after these moves of (who, to, now)."""
    until = history[0][1] - NOTICE
    for who, to, now in history[1:]:
        if who == "staff":
            until = min(to, max(until, to - NOTICE, now + DAY))
        elif now <= until:
            until = to - NOTICE
    return until


@pytest.mark.parametrize("seed", range(20))
def test_random_histories_of_moves_end_free_cancellation_as_the_oracle_says(
    customer: Customer, salon: Salon, seed: int
) -> None:
    chance = random.Random(seed)
    first = at(salon.monday, 9)
    booking = buy(customer, salon, first)
    these = Booking.objects.filter(pk=booking.pk)
    for _ in range(10):
        these.update(
            starts_at=first, ends_at=first + timedelta(minutes=30), refundable_until=first - NOTICE, moves=0
        )
        now = first - chance.randint(1, 60) * timedelta(hours=1)
        history = [("made", first, now)]
        for _ in range(chance.randint(1, 5)):
            now += chance.randint(0, 20) * timedelta(hours=1)
            to = at(salon.monday + chance.randint(0, 4) * DAY, chance.randint(9, 16))
            who = chance.choice(["staff", "customer"])
            current = these.get()
            if to == current.starts_at or to <= now or current.starts_at <= now:
                continue
            if who == "customer" and now > current.refundable_until:
                with pytest.raises(DomainError, match="too_late_to_move"):
                    moving.move(these, to, by=STAFF, now=now)
                continue
            moving.move(these, to, by=STAFF, now=now, by_business=who == "staff")
            history.append((who, to, now))
        current = these.get()
        assert current.refundable_until == oracle(history)
        for moment, rule in (
            (current.refundable_until, "in_time"),
            (current.refundable_until + timedelta(microseconds=1), "too_late"),
        ):
            assert cancellation.quote(current, now=moment).decision.rule == rule

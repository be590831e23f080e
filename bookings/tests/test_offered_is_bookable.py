"""Every offered time can be booked through the API, and nothing else can."""

import os
import random
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction

from bookings.models import CalendarException, Hours, Occupation
from bookings.tests.salon import Salon, ask, at, open_salon, slots
from config.tests.world import Customer

pytestmark = pytest.mark.django_db

SALONS = int(os.environ.get("RANDOM_SALONS", "4"))  # more: make salons N=100


def random_salon(chance: random.Random) -> Salon:
    def minutes(*choices: int) -> timedelta:
        return timedelta(minutes=chance.choice(choices))

    salon = open_salon(
        ["Ada", "Ben"][: chance.randint(1, 2)],
        duration=minutes(20, 30, 90),
        buffer_before=minutes(0, 10),
        buffer_after=minutes(0, 15),
        step=minutes(15, 25, 60),
        lead=minutes(0, 60 * 24 * 8),
        capacity=chance.randint(1, 2),
    )
    monday, ada = salon.monday, salon.people[0]
    Hours.objects.filter(weekday=0).update(closes=time(12, 10))
    if chance.random() < 0.5:
        Hours.objects.create(resource=ada, weekday=0, opens=time(8, 40), closes=time(10, 45))
    if chance.random() < 0.5:
        Hours.objects.create(resource=ada, weekday=6, opens=time(23), closes=time(0, 50))
    if chance.random() < 0.5:
        closed = {"opens": time(9, 40), "closes": time(10, 20), "is_closed": True}
        CalendarException.objects.create(first_day=monday, last_day=monday, **closed)
    for one in salon.people:
        start = at(monday, 9) + minutes(0, 25, 70)
        Occupation.objects.create(resource=one, starts_at=start, ends_at=start + minutes(15, 40))
    return salon


@pytest.mark.parametrize("seed", range(SALONS))
def test_every_offered_time_can_be_booked_and_nothing_else(
    customer: Customer, stranger: Customer, seed: int
) -> None:
    salon = random_salon(random.Random(seed))
    for who in (stranger, customer):
        (day,) = slots(who, salon.cut, salon.monday)
        offered = {slot["starts_at"]: slot["resources"] for slot in day["slots"]}
        if who is stranger and offered:
            assert ask(stranger, salon.cut, datetime.fromisoformat(min(offered)))[0] == 201
    for number in [*range(0, 60, 5), *range(8 * 60, 13 * 60, 5)]:
        start = at(salon.monday, 0) + timedelta(minutes=number)
        with transaction.atomic():
            status, answer = ask(customer, salon.cut, start)
            transaction.set_rollback(True)
        name = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        assert (status == 201) == (name in offered), (start, answer)
        assert status == 201 or answer["code"] in ("slot_taken", "not_offered")
        for one in salon.people if name in offered else []:
            with transaction.atomic():
                status, _ = ask(customer, salon.cut, start, resource=one.pk)
                transaction.set_rollback(True)
            assert (status == 201) == (one.pk in offered[name])


def test_a_business_without_hours_is_open_at_any_minute_and_offers_the_quarters(customer: Customer) -> None:
    minutes = timedelta(minutes=1)
    salon = open_salon(["Ada"], duration=45 * minutes, buffer_after=10 * minutes)
    Hours.objects.all().delete()
    monday = at(salon.monday, 0)
    begins, ends = at(salon.monday, 13, 20), at(salon.monday, 14, 5)
    Occupation.objects.create(resource=salon.people[0], starts_at=begins, ends_at=ends)

    def is_free(start: datetime) -> bool:
        return start + 55 * minutes <= begins or ends <= start

    (day,) = slots(customer, salon.cut, salon.monday)
    quarters = [monday + 15 * minutes * number for number in range(96)]
    offered = [datetime.fromisoformat(slot["starts_at"]) for slot in day["slots"]]
    assert offered == [start for start in quarters if is_free(start)]
    for minute in [12 * 60 + 25, 12 * 60 + 26, 14 * 60 + 4, *random.Random(7).sample(range(24 * 60), 20)]:
        start = monday + minute * minutes
        with transaction.atomic():
            status, answer = ask(customer, salon.cut, start)
            transaction.set_rollback(True)
        assert (status == 201) == is_free(start), (start, answer)

"""What somebody is busy with may be longer than what is looked at."""

import pytest

from bookings.models import Occupation
from bookings.tests.salon import DAY, ask, at, open_salon, slots
from config.tests.world import Customer

pytestmark = pytest.mark.django_db


def test_who_is_away_for_half_a_year_is_away_in_the_middle_of_it_too(customer: Customer) -> None:
    salon = open_salon(["Ada", "Ben"])
    ada, ben = salon.people
    away = at(salon.monday - 100 * DAY, 9), at(salon.monday + 100 * DAY, 9)
    Occupation.objects.create(resource=ada, starts_at=away[0], ends_at=away[1])
    Occupation.objects.create(resource=ben, starts_at=at(salon.monday, 9), ends_at=at(salon.monday, 12))
    (day,) = slots(customer, salon.cut, salon.monday)
    assert {tuple(slot["resources"]) for slot in day["slots"]} == {(ben.pk,)}
    assert day["slots"][0]["local"][-5:] == "12:00"
    assert ask(customer, salon.cut, at(salon.monday, 13), resource=ada.pk)[1]["code"] == "slot_taken"

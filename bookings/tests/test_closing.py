"""A closed time and the bookings that are in it, past midnight too."""

from datetime import time, timedelta

import pytest
from django.db import transaction

from bookings.calendar.closing import Closing
from bookings.models import Booking, Hours
from bookings.tests.salon import DAY, Salon, ask, at, open_salon
from config.tests.world import Customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(transactional_db: None) -> Salon:
    """Open from eight in the evening until two at night."""
    salon = open_salon(["Ada", "Ben"])
    Hours.objects.update(opens=time(20), closes=time(2))
    return salon


def test_a_closed_day_ends_with_the_night_that_began_on_it(customer: Customer, club: Salon) -> None:
    tuesday = club.monday + DAY
    ada, ben = club.people
    times = [
        (at(tuesday, 1, 30), True),  # Monday's night, on Tuesday's morning
        (at(club.monday, 23, 30), False),
        (at(tuesday, 20), True),
        (at(tuesday + DAY, 1), True),
        (at(tuesday + DAY, 20), False),
    ]
    for start, _ in times:
        assert ask(customer, club.cut, start, resource=ada.pk)[0] == 201
    expected = [start for start, is_in in times if is_in]

    def found(**wish: object) -> list[object]:
        return [one.starts_at for one in Closing(tuesday, tuesday, **wish).bookings()]  # type: ignore[arg-type]

    assert found() == expected
    assert found(resource=ada) == expected
    assert found(resource=ben) == []
    assert found(opens=time(19), closes=time(21)) == [at(tuesday, 20)]
    assert found(opens=time(23), closes=time(1, 1)) == [at(tuesday + DAY, 1)]


def test_what_stood_over_the_edge_is_in_it_and_closing_it_offers_nothing_in_it(
    customer: Customer, club: Salon
) -> None:
    Booking.objects.all().delete()
    club.cut.duration = timedelta(hours=2)
    club.cut.save()
    monday = club.monday
    assert ask(customer, club.cut, at(monday, 23))[0] == 201
    tuesday = Closing(monday + DAY, monday + DAY)
    assert tuesday.bookings().count() == 1
    with transaction.atomic():
        tuesday.write()
    assert ask(customer, club.cut, at(monday, 22))[0] == 201
    for start in (at(monday, 22, 30), at(monday + DAY, 0), at(monday + DAY, 22), at(monday + 2 * DAY, 0)):
        assert ask(customer, club.cut, start)[1]["code"] == "not_offered"

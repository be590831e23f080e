"""The agenda: a column for each person, free and closed time, and who, what and paid or not in words."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.agenda import days
from backoffice.tests.desk_world import person, signed_in
from backoffice.tests.salon import Salon, customer
from bookings.models import Booking, CalendarException, PayAt
from config.tests.statements import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception(salon: Salon) -> Client:
    return signed_in(person("refunds"))


def page(client: Client, salon: Salon, **query: str) -> str:
    answer = client.get("/admin/agenda/", {"day": salon.day.isoformat(), **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_has_a_column_for_each_person_with_what_they_do(reception: Client, salon: Salon) -> None:
    salon.book("10:00", resource=salon.anna, note="Allergic to nuts")
    salon.book(
        "11:00", resource=salon.ben, service=salon.trim, pay_at=PayAt.APP, who=customer("Grace Hopper")
    )
    shown = page(reception, salon)
    assert re.findall(r'data-title="([^"]+)"', shown) == ["Anna", "Ben"]
    for words in ("Ada Lovelace", "Pays here", "£38.00, to be paid at the desk", "Allergic to nuts"):
        assert words in shown
    for words in ("Grace Hopper", "Not paid yet", "£18.00, to be paid in the app", "+442079460001"):
        assert words in shown
    assert "2 appointments" in shown


def test_free_time_is_a_link_and_closed_time_isn_t(reception: Client, salon: Salon) -> None:
    salon.book("10:00", resource=salon.anna)
    CalendarException.objects.create(resource=salon.ben, first_day=salon.day, last_day=salon.day)
    shown = page(reception, salon)
    links = re.findall(r"book/\?day=[^&]+&time=([0-9:]+)&resource=(\d+)", shown)
    assert {resource for _, resource in links} == {str(salon.anna.pk)}
    times = [time for time, _ in links]
    assert "09:45" in times
    assert not {"10:00", "10:15", "10:30"} & set(times)
    assert "10:45" in times
    assert "Closed" in shown


def test_a_class_is_one_block_with_all_who_come(reception: Client, salon: Salon) -> None:
    for name in ("Ada B", "Grace C", "Mary D"):
        salon.book("12:00", service=salon.yoga, resource=salon.anna, who=customer(name))
    shown = page(reception, salon)
    assert shown.count("popovertarget=") == 2  # the block, and closing its card
    assert "3 of 8" in shown
    assert "Mary D" in shown


def test_a_week_has_a_column_for_each_day(reception: Client, salon: Salon) -> None:
    salon.book("10:00", resource=salon.anna)
    salon.book("10:00", resource=salon.ben, who=customer("Grace Hopper"))
    shown = page(reception, salon, view="week")
    assert len(re.findall('class="agenda-column"', shown)) == 7
    assert "Grace Hopper" in shown
    only = page(reception, salon, view="week", who=str(salon.anna.pk))
    assert "Grace Hopper" not in only


def test_a_week_too_full_to_be_read_is_told_in_numbers(
    reception: Client, salon: Salon, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon.book("10:00", resource=salon.anna)
    shown = page(reception, salon, view="week")
    monkeypatch.setattr(days, "MOST_IN_A_WEEK", 0)
    told = page(reception, salon, view="week")
    assert ("choose a day, or one person" in told, "agenda-block" in told) == (True, False)
    assert f'href="?day={salon.day}"' in told
    # One person's week is shown whole.
    assert "agenda-block" in page(reception, salon, view="week", who=str(salon.anna.pk))
    assert "choose a day, or one person" not in shown


def test_what_can_t_be_read_is_today(reception: Client, salon: Salon) -> None:
    for day in ("yesterday", "9999-12-31", "0001-01-01", "2026-13-01"):
        answer = reception.get("/admin/agenda/", {"day": day, "view": "century", "who": "9" * 40})
        assert answer.context["day"] == days.today(timezone.now())


def test_cancelled_and_expired_ones_don_t_stand_there(reception: Client, salon: Salon) -> None:
    booking = salon.book("10:00")
    Booking.objects.filter(pk=booking.pk).update(status="expired")
    assert "0 appointments" in page(reception, salon)


def test_the_number_of_queries_does_not_grow(reception: Client, salon: Salon) -> None:
    def queries() -> int:
        return len(counted(lambda: page(reception, salon)))

    salon.book("09:00")
    page(reception, salon)
    few = queries()
    for hour in range(10, 17):
        salon.book(f"{hour}:00", who=customer(f"Somebody {hour}"))
    assert queries() == few < 30


def test_who_may_not_see_bookings_sees_no_agenda(salon: Salon) -> None:
    nobody = person("viewer", "nobody")
    nobody.groups.clear()
    client = signed_in(nobody)
    for address in ("", "book/", "customers/?find=ada", f"move/{salon.book('10:00').reference}/"):
        assert client.get(f"/admin/agenda/{address}").status_code == 403
    assert Client().get("/admin/agenda/").status_code == 302


def test_who_may_only_look_is_offered_nothing(salon: Salon) -> None:
    salon.book("10:00")
    shown = page(signed_in(person("viewer")), salon)
    assert "Ada Lovelace" in shown
    for words in ("New appointment", "Walk-in", "data-movable", "/do/arrived/"):
        assert words not in shown


def test_a_day_ends_at_midnight_where_the_business_is(reception: Client, salon: Salon) -> None:
    booking = salon.book("17:00")
    late = salon.at("23:30")
    Booking.objects.filter(pk=booking.pk).update(starts_at=late, ends_at=late + timedelta(hours=1))
    assert "Ada Lovelace" in page(reception, salon)
    assert "00:30" in page(reception, salon, day=(salon.day + timedelta(days=1)).isoformat())

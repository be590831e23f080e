"""The database itself refuses that two appointments share a person or a room, whoever writes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.models import Business, Occupation, Resource, Service

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def maria() -> Resource:
    return Resource.objects.create(name="Maria")


def occupy(resource: Resource, start: datetime, end: datetime) -> int:
    """Write a row by hand, as no code of ours does."""
    times = [connection.ops.adapt_datetimefield_value(moment) for moment in (start, end)]
    statement = (
        "INSERT INTO bookings_occupation (resource_id, starts_at, ends_at) VALUES (%s, %s, %s) RETURNING id"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [resource.pk, *times])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOON, NOON + HOUR),
        (NOON - HOUR, NOON + timedelta(microseconds=1)),
        (NOON + HOUR - timedelta(microseconds=1), NOON + 2 * HOUR),
        (NOON + HOUR / 4, NOON + HOUR / 2),
        (NOON - HOUR, NOON + 2 * HOUR),
    ],
)
def test_hand_written_sql_cannot_overlap(maria: Resource, start: datetime, end: datetime) -> None:
    occupy(maria, NOON, NOON + HOUR)
    with pytest.raises(IntegrityError, match="occupation_apart"):
        occupy(maria, start, end)
    assert Occupation.objects.count() == 1


def test_one_after_the_other_and_somebody_else_are_fine(maria: Resource) -> None:
    occupy(maria, NOON, NOON + HOUR)
    occupy(maria, NOON + HOUR, NOON + 2 * HOUR)
    occupy(maria, NOON - HOUR, NOON)
    occupy(Resource.objects.create(name="Ben"), NOON, NOON + HOUR)
    assert Occupation.objects.count() == 4


def test_an_occupation_cannot_be_changed_into_another(maria: Resource) -> None:
    occupy(maria, NOON, NOON + HOUR)
    later = occupy(maria, NOON + HOUR, NOON + 2 * HOUR)
    with pytest.raises(IntegrityError, match="occupation_apart"), transaction.atomic():
        Occupation.objects.filter(pk=later).update(starts_at=NOON)
    Occupation.objects.filter(pk=later).update(starts_at=NOON + HOUR + HOUR / 4)


def test_there_is_one_business() -> None:
    Business.objects.create(name="Salon", time_zone="Europe/London")
    Business(name="Barber").save()
    assert [business.name for business in Business.objects.all()] == ["Barber"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Business.objects.bulk_create([Business(pk=2)])


def test_a_service_has_no_negative_buffer_and_no_step_of_nothing(service: Service) -> None:
    for wrong in ({"buffer_before": -HOUR}, {"buffer_after": -HOUR}, {"step": timedelta(0)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Service.objects.update(**wrong)

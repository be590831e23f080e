"""TRUNCATE passes row triggers by, so it has a refusal of its own, and the set-up check misses it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from operations.setup import database
from operations.setup.result import Verdict

pytestmark = pytest.mark.django_db


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", database.APPEND_ONLY)
def test_neither_the_trail_nor_the_books_can_be_emptied(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"TRUNCATE {table} CASCADE")


def test_what_the_trail_hangs_on_cannot_be_emptied_either() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(IntegrityError, match="append-only"):
        execute("TRUNCATE bookings_booking CASCADE")


def test_a_refusal_that_somebody_removed_is_missed_by_the_set_up_check() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    execute("ALTER TABLE bookings_auditentry DISABLE TRIGGER bookings_auditentry_no_truncate")
    (result,) = database.triggers(timezone.now())
    assert result.verdict == Verdict.FAILED
    assert "bookings_auditentry_no_truncate" in result.detail

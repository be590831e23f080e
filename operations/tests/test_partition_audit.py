"""The audit trail is split while the site runs, and nothing of what holds for it is lost."""

import os
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections
from django.db.utils import ConnectionHandler

from bookings.models import AuditEntry, Booking, Service
from config.tests.world import Customer
from operations import partitioning
from operations.setup import database
from refunds.tests.workshop import chain_is_whole

pytestmark = pytest.mark.django_db(transaction=True)
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
# For trying it at size: PARTITION_ENTRIES=1000000.
INVENTED = int(os.environ.get("PARTITION_ENTRIES", "2000"))


@pytest.fixture
def copy() -> Iterator[None]:
    """A copy of the tests' database, in its place: what is done to its tables is gone with it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no partitions")
    before, name = connections["default"], f"{connection.settings_dict['NAME']}_split"
    before.close()
    with before._nodb_cursor() as cursor:
        # A template may have no other sessions, and a thread of an earlier test may have left one.
        cursor.execute(OTHERS, [before.settings_dict["NAME"]])
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{before.settings_dict["NAME"]}"')
    connections["default"] = ConnectionHandler({"default": before.settings_dict | {"NAME": name}})["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before
        with before._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(*options: str) -> str:
    out = StringIO()
    call_command("partition_audit", *options, stdout=out)
    return out.getvalue()


def invent(entries: int) -> None:
    """Entries of bookings that never were, as only their number matters here."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """INSERT INTO bookings_auditentry
                (booking_id, at, actor, source, action, detail, request_id, previous_hash, entry_hash)
            SELECT -n / 6, now(), 'system', 'api', 'invented', '{"amount": 4500}', repeat('0', 32), n::text,
                repeat('0', 64) FROM generate_series(1, %s) n""",
            [entries],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_trail_is_split_and_all_that_holds_for_it_still_holds(
    copy: None, customer: Customer, service: Service
) -> None:
    old = customer.book(service)
    invent(INVENTED)
    assert "Nothing was changed" in run("--rehearse")
    assert partitioning.plan(ahead=1).first == old.pk + 2
    sys.stdout.write(run("--ahead", "1"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('bookings_booking', 'id'), %s)", [old.pk + 5])
    Service.objects.update(capacity=10)
    new = customer.book(service)
    customer.cancel(new)
    customer.cancel(old)
    assert (chain_is_whole(old), chain_is_whole(new)) == (True, True)
    (first,), (second,) = _partition_of(old), _partition_of(new)
    assert (first, second) == (partitioning.OLD, partitioning.NEW)
    assert [result.verdict.name for result in database.triggers(new.created_at)] == ["OK"]
    for booking in (old, new):
        with pytest.raises(IntegrityError):
            AuditEntry.objects.filter(booking=booking).update(actor="somebody")
    for table in (partitioning.TABLE, partitioning.OLD, partitioning.NEW):
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
    with pytest.raises(CommandError, match="split already"):
        run()


def _partition_of(booking: Booking) -> set[str]:
    with connection.cursor() as cursor:
        query = "SELECT DISTINCT tableoid::regclass::text FROM bookings_auditentry WHERE booking_id = %s"
        cursor.execute(query, [booking.pk])
        return {str(name) for (name,) in cursor.fetchall()}


def test_what_fails_leaves_the_table_as_it_was(copy: None, customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    planned = partitioning.plan(ahead=1)
    broken = partitioning.Step("fails", "nothing", ("SELECT 1 / 0",))
    with pytest.raises(Exception, match="division by zero"):
        list(partitioning.carry_out(partitioning.Plan(planned.first, 0, (*planned.steps[:2], broken))))
    customer.cancel(booking)
    assert chain_is_whole(booking)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname = 'older'")
        assert cursor.fetchone() == (0,)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="it has partitions")
def test_sqlite_has_no_partitions() -> None:
    with pytest.raises(CommandError, match="Only PostgreSQL"):
        run("--rehearse")

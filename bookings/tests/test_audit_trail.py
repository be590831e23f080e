"""The trail and the statement can't be edited, and where somebody got round that it shows."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from bookings.models import AuditEntry, Booking
from bookings.verification import Verification
from config.tests.flushing import without_triggers
from config.tests.world import Customer, run_workers

pytestmark = pytest.mark.django_db

TABLES = ("bookings_auditentry", "payments_paymenttransaction")


@pytest.fixture
def story(customer: Customer, paid: Booking) -> Booking:
    """Booked, paid, cancelled and sent back: a chain of some length."""
    customer.cancel(paid)
    run_workers()
    paid.refresh_from_db()
    return paid


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def broken() -> list[tuple[int | None, str]]:
    return [(found.entry, found.what) for found in Verification().breaks()]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET booking_id = booking_id", "DELETE FROM {}"])
def test_raw_sql_can_neither_change_nor_delete_a_row(table: str, change: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(change.format(table))


def test_an_untouched_trail_holds(story: Booking, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit_trail")
    count = AuditEntry.objects.count()
    assert f"{count} entries of 1 bookings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        ("UPDATE {} SET actor = 'staff:9' WHERE id = {}", "its content was changed"),
        ("UPDATE {} SET detail = '{{}}' WHERE id = {}", "its content was changed"),
        ("UPDATE {} SET request_id = 'another' WHERE id = {}", "its content was changed"),
        ("UPDATE {} SET previous_hash = 'x' WHERE id = {}", "the entry before it"),
    ],
)
def test_a_changed_entry_is_named(story: Booking, tamper: str, what: str) -> None:
    entry = story.audit_entries.order_by("id")[3]
    with without_triggers():
        run(tamper.format("bookings_auditentry", entry.pk))
    ((named, told),) = broken()
    assert (named, told.startswith(what)) == (entry.pk, True)


def test_the_command_fails_and_names_the_first_broken_entry(
    story: Booking, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = story.audit_entries.order_by("id")[2]
    with without_triggers():
        run(f"UPDATE bookings_auditentry SET action = 'x' WHERE id >= {entry.pk}")
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit_trail")
    assert f"booking {story.reference}, entry {entry.pk}:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pick",
    [lambda pks: pks[0], lambda pks: pks[2], lambda pks: pks[-1]],
    ids=["the first", "one in the middle", "the last"],
)
def test_a_removed_entry_is_noticed(story: Booking, pick: Callable[[list[int]], int]) -> None:
    pks = list(story.audit_entries.order_by("id").values_list("pk", flat=True))
    with without_triggers():
        run(f"DELETE FROM bookings_auditentry WHERE id = {pick(pks)}")
    assert len(broken()) == 1


def test_a_trail_that_is_gone_altogether_is_noticed(story: Booking) -> None:
    with without_triggers():
        run("DELETE FROM bookings_auditentry")
    assert broken() == [(None, "all its entries are gone")]
    assert story.audit_head


def test_one_broken_chain_says_nothing_of_the_others(story: Booking, customer: Customer) -> None:
    other = customer.book_and_pay(story.service)
    with without_triggers():
        run(f"UPDATE bookings_auditentry SET actor = 'x' WHERE booking_id = {story.pk}")
    assert [found.booking for found in Verification().breaks()] == [story.reference]
    assert other.audit_entries.exists()


def test_reading_the_trail_takes_the_same_few_statements_however_long_it_is(
    story: Booking, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert broken() == []

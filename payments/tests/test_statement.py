"""The statement: one signed line for each movement, never edited, and its sums."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.audit import By, story_of
from bookings.models import Booking
from payments.books import statement
from payments.models import PaymentTransaction, TransactionKind

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def write(booking: Booking, kind: TransactionKind, amount: int, stripe_id: str) -> None:
    by, payment = By("stripe", "webhook"), booking.payments.get()
    with story_of(Booking.objects.filter(pk=booking.pk), by=by, now=timezone.now()) as story:
        statement.write(story, payment.pk, kind, amount=amount, currency="gbp", stripe_id=stripe_id, at=AT)


def test_the_sums_tell_what_was_paid_given_back_and_kept(paid: Booking) -> None:
    write(paid, TransactionKind.REFUND, -1500, "re_1")
    write(paid, TransactionKind.REFUND_RETURNED, 1500, "re_1")
    write(paid, TransactionKind.REFUND, -1000, "re_2")
    write(paid, TransactionKind.CHARGEBACK, -3500, "du_1")
    write(paid, TransactionKind.DISPUTE_FEE, -1500, "du_1")
    balance = statement.balance(paid.transactions.all())
    assert (balance.paid, balance.refunded, balance.charged_back, balance.kept) == (4500, 1000, 3500, 0)


def test_a_movement_is_written_once(paid: Booking) -> None:
    write(paid, TransactionKind.REFUND, -1500, "re_1")
    with pytest.raises(IntegrityError):
        write(paid, TransactionKind.REFUND, -1500, "re_1")
    assert paid.transactions.count() == 2
    assert paid.audit_entries.filter(action="statement.refund").count() == 1


@pytest.mark.parametrize(
    ("kind", "amount"), [("payment", -1), ("refund", 1), ("chargeback", 1), ("refund", 0)]
)
def test_the_sign_follows_the_kind(paid: Booking, kind: str, amount: int) -> None:
    with pytest.raises(IntegrityError):
        write(paid, TransactionKind(kind), amount, "xx_1")


def test_no_line_is_ever_changed_or_deleted_whoever_tries(paid: Booking) -> None:
    lines = PaymentTransaction.objects.filter(booking=paid)
    table = PaymentTransaction._meta.db_table
    for change in (f"UPDATE {table} SET amount = 1", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change)
    assert [line.amount for line in lines] == [4500]

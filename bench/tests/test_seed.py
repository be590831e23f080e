from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from bench.seed import seed
from bookings.audit import hash_of
from bookings.models import AuditEntry, Booking
from payments.models import WebhookEvent
from refunds import account, policy
from refunds.attempts import DUE
from refunds.models import RefundRecord

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def seeded(db: None) -> None:
    seed(300, now=NOW, tell=str)


def test_every_invented_chain_verifies() -> None:
    for booking in Booking.objects.prefetch_related("audit_entries"):
        head = ""
        for entry in booking.audit_entries.all():
            assert (entry.previous_hash, entry.entry_hash) == (head, hash_of(entry))
            head = entry.entry_hash
        assert booking.audit_head == head != ""


def test_statements_and_records_add_up_and_decisions_replay() -> None:
    records = RefundRecord.objects.select_related("payment")
    assert records.filter(status="succeeded").exists()
    for record in records:
        sums = account.of(record.payment)
        assert sums.refunded == (record.amount if record.status == "succeeded" else 0)
        assert policy.replay(record.decision).amount == record.amount


def test_nothing_is_left_for_the_worker_to_send() -> None:
    assert not RefundRecord.objects.filter(status__in=DUE).exists()
    assert not WebhookEvent.objects.filter(next_attempt_at__isnull=False).exists()


def test_more_can_be_added_and_ordinary_rows_still_find_an_id() -> None:
    call_command("seed_bookings", count=10)
    assert Booking.objects.count() == 310
    newest = Booking.objects.latest("pk")
    entry = AuditEntry.objects.create(
        booking=newest, at=NOW, actor="system", source="command", action="x", previous_hash="y"
    )
    assert AuditEntry.objects.filter(pk=entry.pk).exists()

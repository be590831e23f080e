"""Lists as CSV files are read from a replica that knows what happened lately, all else from the primary."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from bookings.models import Booking
from core.models import Mark
from core.storage import replica
from core.work import heartbeat
from operations.setup import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def second(settings: Settings) -> Iterator[None]:
    """Another connection to the same database, called the replica; as an alias, tests might not ask it."""
    told = connections["default"].settings_dict
    connections.settings[replica.REPLICA] = told
    connections[replica.REPLICA] = ConnectionHandler({"default": told})["default"]
    try:
        yield
    finally:
        connections[replica.REPLICA].close()
        del connections[replica.REPLICA]
        del connections.settings[replica.REPLICA]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def asked_the_replica(client: Client, address: str) -> bool:
    """Whether the file's rows came from there."""
    with CaptureQueriesContext(connections[replica.REPLICA]) as there:
        response = client.get(address)
        assert response.status_code == 200
        assert response.getvalue()
    return any("core_mark" not in query["sql"] for query in there.captured_queries)


def test_a_list_comes_from_the_replica_while_it_is_up_to_date(
    second: None, paid: Booking, admin_client: Client, now: datetime
) -> None:
    heartbeat.beat(now)
    assert asked_the_replica(admin_client, "/admin/payments/paymenttransaction/csv/")
    Mark.objects.update(at=now - timedelta(minutes=5))
    assert not asked_the_replica(admin_client, "/admin/payments/paymenttransaction/csv/")


def test_a_replica_that_nobody_hears_of_is_not_read(second: None, now: datetime) -> None:
    assert replica.alias(now) == "default"
    (said,) = running.replica_lag(now)
    assert said.verdict.name == "WARNING"
    heartbeat.beat(now)
    assert replica.alias(now) == "replica"
    assert replica.alias(now + timedelta(seconds=31)) == "default"


def test_within_a_change_the_primary_is_read(second: None, now: datetime) -> None:
    heartbeat.beat(now)
    with transaction.atomic():
        assert replica.alias(now) == "default"


def test_without_a_replica_there_is_nothing_to_say(now: datetime) -> None:
    assert replica.alias(now) == "default"
    assert list(running.replica_lag(now)) == []


def test_only_the_primary_is_written_to_and_migrated() -> None:
    router = replica.Router()
    assert router.db_for_write(User) == router.db_for_read(User) == "default"
    assert not router.allow_migrate("replica", "core")

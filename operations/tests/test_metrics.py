"""Figures for the operator: true, cheap, nobody's business but theirs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from bookings.models import Booking
from config.tests.statements import counted
from config.tests.world import Customer
from core.models import Mark
from payments.models import WebhookEvent
from refunds.models import ReconciliationRun

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ELSEWHERE = "203.0.113.9"


def figures(client: Client) -> dict[str, float]:
    """Each sample by its name, with the label's value behind it where there is one."""
    text = client.get("/metrics").content.decode()
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    return {":".join([s.name, *s.labels.values()]): s.value for s in samples}


def test_an_idle_system_needs_nobody(client: Client) -> None:
    found = figures(client)
    assert {value for name, value in found.items() if name.startswith("attention:")} == {0.0}
    assert (found["refund_oldest_due_seconds"], found["webhook_lag_seconds"]) == (0.0, 0.0)
    assert found["worker_heartbeat_age_seconds"] != found["worker_heartbeat_age_seconds"]  # not a number


def test_what_waits_or_failed_shows(client: Client, customer: Customer, paid: Booking) -> None:
    customer.cancel(paid)
    hour_ago = timezone.now() - timedelta(hours=1)
    paid.refunds.update(requested_at=hour_ago)
    WebhookEvent.objects.update(status="failed", received_at=hour_ago, next_attempt_at=timezone.now())
    Mark.objects.create(name="worker", at=hour_ago)
    ReconciliationRun.objects.create(
        source="worker",
        since=hour_ago,
        until=hour_ago,
        started_at=hour_ago,
        finished_at=hour_ago,
        drift={"gbp": -4500},
    )
    found = figures(client)
    assert found["refunds_due"] == 1
    assert found["attention:webhook_failed"] == WebhookEvent.objects.count() > 0
    assert found["drift_minor_units:gbp"] == -4500
    ages = ("refund_oldest_due", "webhook_lag", "worker_heartbeat_age", "reconciliation_age")
    assert all(3600 <= found[f"{age}_seconds"] < 3700 for age in ages)


@pytest.mark.usefixtures("paid")
def test_nothing_in_it_names_anybody(client: Client, customer: Customer) -> None:
    text = client.get("/metrics").content.decode()
    assert customer.user.username not in text
    assert "BK-" not in text


def test_others_need_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR=ELSEWHERE).status_code == 403
    settings.METRICS_TOKEN = "a-token-of-the-operator"
    headers = {"Authorization": "Bearer a-token-of-the-operator"}
    assert client.get("/metrics", REMOTE_ADDR=ELSEWHERE, headers=headers).status_code == 200
    headers = {"Authorization": "Bearer another"}
    assert client.get("/metrics", REMOTE_ADDR=ELSEWHERE, headers=headers).status_code == 403


def test_a_proxy_on_this_machine_speaks_for_others(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": ELSEWHERE}).status_code == 403


@pytest.mark.usefixtures("paid")
def test_its_cost_is_a_few_statements(client: Client) -> None:
    assert len(counted(lambda: client.get("/metrics"))) <= 25

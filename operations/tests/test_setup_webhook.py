"""`setup_refund_system --create-webhook` makes or repairs the endpoint; an event proves it."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from payments import gateway
from payments.events.event_handlers import SUBSCRIBED
from payments.models import WebhookEvent
from sandbox.client import Sandbox

HERE = "http://testserver/api/v1/payment/webhook/"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def create_webhook(capsys: pytest.CaptureFixture[str], url: str = HERE) -> dict[str, Any]:
    with pytest.raises(SystemExit):  # no worker runs in these tests
        call_command("setup_refund_system", "--json", "--create-webhook", url)
    return dict(json.loads(capsys.readouterr().out))


def line(answer: dict[str, Any]) -> str:
    return str(next(c["verdict"] for c in answer["checks"] if c["name"] == "webhook endpoint"))


def test_a_new_endpoint_tells_its_secret_once(capsys: pytest.CaptureFixture[str], sandbox: Sandbox) -> None:
    first, second = create_webhook(capsys), create_webhook(capsys)
    (made,) = sandbox.all("webhook_endpoints")
    assert first["webhook"]["secret"].startswith("whsec_")
    assert (second["webhook"]["secret"], second["webhook"]["id"]) == (None, made["id"])
    assert (made["api_version"], sorted(made["enabled_events"])) == (gateway.API_VERSION, sorted(SUBSCRIBED))
    assert (line(first), line(second)) == ("ok", "ok")


def test_a_wrong_endpoint_is_repaired(capsys: pytest.CaptureFixture[str], sandbox: Sandbox) -> None:
    create_webhook(capsys)
    (made,) = sandbox.all("webhook_endpoints")
    stripe = gateway.client().v1.webhook_endpoints
    stripe.update(made["id"], {"enabled_events": ["refund.updated"], "disabled": True})
    answer = create_webhook(capsys)
    (repaired,) = sandbox.all("webhook_endpoints")
    assert (repaired["id"], repaired["status"], line(answer)) == (made["id"], "enabled", "ok")
    assert sorted(repaired["enabled_events"]) == sorted(SUBSCRIBED)


def test_one_at_another_api_version_gets_a_successor(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox
) -> None:
    old = gateway.client().v1.webhook_endpoints.create(
        {"url": HERE, "enabled_events": ["*"], "api_version": "2025-03-31.basil"}
    )
    answer = create_webhook(capsys)
    assert answer["webhook"]["others"] == [old.id]
    assert line(answer) == "warning"


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("url", ["http://testserver/webhook/", "https://elsewhere.example" + HERE[17:]])
def test_an_address_that_isnt_ours_is_refused(url: str) -> None:
    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        call_command("setup_refund_system", "--create-webhook", url)


@pytest.mark.django_db(transaction=True)
def test_an_event_proves_address_and_secret(
    capsys: pytest.CaptureFixture[str], sandbox: Sandbox, live_server: LiveServer, settings: Settings
) -> None:
    url = f"{live_server.url}/api/v1/payment/webhook/"
    settings.STRIPE_WEBHOOK_SECRETS = [create_webhook(capsys, url)["webhook"]["secret"]]
    with pytest.raises(SystemExit):
        call_command("setup_refund_system", "--send-test-event")
    assert "ok      webhook delivery" in capsys.readouterr().out
    assert WebhookEvent.objects.get().type == "payment_intent.canceled"


@pytest.mark.django_db(transaction=True)
def test_a_wrong_secret_lets_no_event_through(
    capsys: pytest.CaptureFixture[str],
    sandbox: Sandbox,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("operations.setup.endpoint.PATIENCE_SECONDS", 1.0)
    create_webhook(capsys, f"{live_server.url}/api/v1/payment/webhook/")
    with pytest.raises(CommandError, match="STRIPE_WEBHOOK_SECRET"):
        call_command("setup_refund_system", "--send-test-event")
    assert not WebhookEvent.objects.exists()

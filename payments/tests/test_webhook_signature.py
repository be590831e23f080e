"""Only what Stripe signed for us within five minutes is believed; all else is refused and stores nothing."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from config.tests.world import WEBHOOK
from payments.models import WebhookEvent
from sandbox.signing import signature

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = "whsec_sandbox"
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "customer.created",
    "created": 1795420800,
    "livemode": False,
    "data": {"object": {"id": "cus_1", "object": "customer"}},
}
BODY = json.dumps(EVENT).encode()


def post(body: bytes, header: str | None, **options: Any) -> Any:
    headers = {} if header is None else {"Stripe-Signature": header}
    client = Client(raise_request_exception=False)
    return client.post(WEBHOOK, body, "application/json", headers=headers, **options)


def signed(body: bytes, *secrets: str, ago: int = 0) -> str:
    return signature(body, list(secrets or [SECRET]), int(time.time()) - ago)


def refused(response: Any, status: int = 400, code: str = "bad_webhook") -> bool:
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    return WebhookEvent.objects.count() == 0


def test_what_stripe_signed_is_received() -> None:
    response = post(BODY, signed(BODY))
    assert (response.status_code, response.json()) == (200, {"received": True})
    assert WebhookEvent.objects.get().payload == EVENT


def test_what_is_signed_for_later_is_refused() -> None:
    assert post(BODY, signed(BODY, ago=-290)).status_code == 200
    WebhookEvent.objects.all().delete()
    assert refused(post(BODY, signed(BODY, ago=-310)))
    both = f"t={int(time.time())}," + signed(BODY, ago=-3600)
    assert refused(post(BODY, both))


FORGED: dict[str, Callable[[], str | None]] = {
    "none": lambda: None,
    "empty": lambda: "",
    "nonsense": lambda: "nonsense",
    "no values": lambda: "t=,v1=",
    "no time": lambda: "t=abc,v1=00",
    "no code": lambda: f"t={int(time.time())}",
    "a wrong code": lambda: f"t={int(time.time())},v1={'0' * 64}",
    "not ASCII": lambda: f"t={int(time.time())},v1=ü",
    "not Latin-1": lambda: f"t={int(time.time())},v1=\u2603",
    "endless": lambda: "v1=" + "0" * 100_000,
    "another's secret": lambda: signed(BODY, "whsec_somebody_elses"),
    "another body": lambda: signed(BODY + b" "),
    "another scheme": lambda: signed(BODY).replace("v1", "v0"),
    "five minutes old": lambda: signed(BODY, ago=301),
    "decades old": lambda: signed(BODY, ago=10**9),
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_not_signed_for_us_now_is_refused(forged: str) -> None:
    assert refused(post(BODY, FORGED[forged]()))


def test_a_signature_may_be_nearly_five_minutes_old() -> None:
    assert post(BODY, signed(BODY, ago=290)).status_code == 200


def test_a_tampered_body_is_refused() -> None:
    assert refused(post(BODY.replace(b"cus_1", b"cus_2"), signed(BODY)))


def test_any_of_several_secrets_is_enough(settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_old", "whsec_new"]
    for number, secrets in enumerate([["whsec_old"], ["whsec_new"], ["whsec_gone", "whsec_new"]]):
        body = json.dumps({**EVENT, "id": f"evt_{number}"}).encode()
        assert post(body, signed(body, *secrets)).status_code == 200
    assert WebhookEvent.objects.count() == 3


def test_without_a_secret_everything_is_refused(settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert refused(post(BODY, signed(BODY)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\xfa",
        b"{",
        b"null",
        b"[]",
        b'"evt_1"',
        b"{}",
        json.dumps({**EVENT, "id": None}).encode(),
        json.dumps({**EVENT, "id": ""}).encode(),
        json.dumps({**EVENT, "id": {"a": 1}}).encode(),
        json.dumps({**EVENT, "type": 7}).encode(),
        json.dumps({**EVENT, "created": "yesterday"}).encode(),
        json.dumps({**EVENT, "created": 10**30}).encode(),
        json.dumps({**EVENT, "data": None}).encode(),
        json.dumps({**EVENT, "data": {"object": "ch_1"}}).encode(),
        json.dumps({**EVENT, "extra": float("nan")}).encode(),
        json.dumps({**EVENT, "extra": "\ud800"}).encode(),
        b"[" * 100_000,
        b'{"extra": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_event_is_refused_even_when_it_is_signed(body: bytes) -> None:
    assert refused(post(body, signed(body)))


def test_a_null_character_does_not_keep_an_event_out() -> None:
    body = json.dumps({**EVENT, "data": {"object": {"id": "cus_1", "name": "a\u0000b"}}}).encode()
    assert post(body, signed(body)).status_code == 200
    payload = WebhookEvent.objects.get().payload or {}
    assert payload["data"]["object"]["name"] == "a\ufffdb"


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_more_than_a_mebibyte_is_too_large(size: int) -> None:
    body = b" " * (size - len(BODY)) + BODY
    assert refused(post(body, signed(body)), 413, "too_large")


def test_exactly_a_mebibyte_is_not() -> None:
    body = b" " * (1024 * 1024 - len(BODY)) + BODY
    assert post(body, signed(body)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_answered(client: Client, method: str) -> None:
    response = client.generic(method, WEBHOOK)
    assert refused(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST"


def test_the_content_type_does_not_matter(client: Client) -> None:
    headers = {"Stripe-Signature": signed(BODY)}
    assert client.post(WEBHOOK, BODY, "text/plain", headers=headers).status_code == 200


def test_what_cannot_be_stored_is_500_so_that_stripe_sends_it_again() -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "payments_webhookevent" in sql:
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        response = post(BODY, signed(BODY))
    assert (response.status_code, response.json()["code"]) == (500, "server_error")
    assert post(BODY, signed(BODY)).status_code == 200

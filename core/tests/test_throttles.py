from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from freezegun import freeze_time
from knox.models import AuthToken

from accounts.models import User
from core import throttles
from core.models import RequestCount

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rates(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"sign_in_address": "5/min", "sign_in_user": "2/min", "changes": "2/min", "anonymous": "2/min"}
    monkeypatch.setattr(throttles.Throttle, "THROTTLE_RATES", rates)


def sign_in(client: Client, name: str) -> Any:
    return client.post("/api/v1/auth/token/", {"username": name, "password": "x"}, "application/json")


def test_guesses_at_one_account_are_limited_until_the_minute_is_over(client: Client) -> None:
    with freeze_time(NOON):
        assert [sign_in(client, "ada").status_code for _ in range(2)] == [401, 401]
        response = sign_in(client, "Ada")
        assert (response.status_code, response.json()["code"]) == (429, "throttled")
        assert response["Content-Type"] == "application/problem+json"
        assert response["Retry-After"] == "30"
        assert sign_in(client, "eve").status_code == 401
    with freeze_time(NOON + timedelta(seconds=30)):
        assert sign_in(client, "ada").status_code == 401


def test_guesses_from_one_address_are_limited_whatever_the_name(client: Client) -> None:
    with freeze_time(NOON):
        assert [sign_in(client, f"user{n}").status_code for n in range(6)] == [401] * 5 + [429]


def test_a_name_nobody_could_have_is_counted_for_its_address_only(client: Client) -> None:
    with freeze_time(NOON):
        response = client.post("/api/v1/auth/token/", [1, 2], "application/json")
    assert response.status_code == 400
    assert [count.key.split(":")[0] for count in RequestCount.objects.all()] == ["sign_in_address"]


def test_a_customers_changes_are_limited_and_reads_are_not_counted(client: Client) -> None:
    ada = User.objects.create_user("ada")
    tokens = [AuthToken.objects.create(user=ada)[1] for _ in range(3)]

    def sign_out(method: str, token: str) -> int:
        headers = {"Authorization": f"Token {token}"}
        return client.generic(method, "/api/v1/auth/logout/", headers=headers).status_code

    with freeze_time(NOON):
        assert [sign_out("GET", tokens[0]) for _ in range(5)] == [405] * 5
        assert [sign_out("POST", token) for token in tokens] == [204, 204, 429]

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from freezegun import freeze_time
from knox.models import AuthToken

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", password="correct horse battery")


def sign_in(client: Client, **body: Any) -> Any:
    body = {"username": "ada", "password": "correct horse battery"} | body
    return client.post("/api/v1/auth/token/", body, "application/json")


def sign_out(client: Client, token: str, *, everywhere: bool = False) -> int:
    address = "/api/v1/auth/logout-all/" if everywhere else "/api/v1/auth/logout/"
    return client.post(address, headers={"Authorization": f"Token {token}"}).status_code


def test_the_right_password_gives_a_token_for_thirty_days(client: Client, ada: User) -> None:
    response = sign_in(client)
    assert response.status_code == 200
    assert set(response.json()) == {"token", "expiry"}
    assert response.json()["expiry"].endswith("Z")
    expiry = parse_datetime(response.json()["expiry"])
    assert expiry is not None
    assert timedelta(days=29, hours=23) < expiry - timezone.now() <= timedelta(days=30)


@pytest.mark.parametrize("wrong", [{"password": "nope"}, {"username": "eve"}, {"username": "ADA"}])
def test_a_wrong_name_or_password_is_401_and_does_not_say_which(
    client: Client, ada: User, wrong: dict[str, str]
) -> None:
    response = sign_in(client, **wrong)
    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")
    assert response.json()["detail"] == "The user name or the password is wrong."


def test_an_account_that_was_closed_is_401(client: Client, ada: User) -> None:
    token = sign_in(client).json()["token"]
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 401
    assert sign_out(client, token) == 401


@pytest.mark.parametrize(
    "body",
    [
        {"username": "a\x00b"},
        {"password": "a\x00b"},
        {"username": "a" * 10_000},
        {"password": "a" * 10_000},
        {"username": None},
        {"username": ["ada"]},
        {"username": "\ud800"},
        {"username": ""},
    ],
)
def test_rubbish_in_the_form_is_400(client: Client, ada: User, body: dict[str, Any]) -> None:
    response = sign_in(client, **body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_sign_out_kills_this_token_only(client: Client, ada: User) -> None:
    phone, tablet = (sign_in(client).json()["token"] for _ in range(2))
    assert sign_out(client, phone) == 204
    assert sign_out(client, phone) == 401
    assert sign_out(client, tablet) == 204


def test_sign_out_everywhere_kills_all_of_ones_own_tokens(client: Client, ada: User) -> None:
    eve = User.objects.create_user("eve")
    _, eves = AuthToken.objects.create(user=eve)
    phone, tablet = (sign_in(client).json()["token"] for _ in range(2))
    assert sign_out(client, phone, everywhere=True) == 204
    assert sign_out(client, tablet) == 401
    assert sign_out(client, eves) == 204


def test_a_token_in_use_lives_on_but_not_beyond_180_days(client: Client, ada: User) -> None:
    start = timezone.now()
    token = sign_in(client).json()["token"]

    def works_after(days: int) -> bool:
        with freeze_time(start + timedelta(days=days)):
            headers = {"Authorization": f"Token {token}"}
            return client.get("/api/v1/auth/logout/", headers=headers).status_code == 405

    assert all(works_after(days) for days in range(0, 180, 29))
    assert not works_after(181)


def test_signing_in_clears_away_the_tokens_that_ran_out(client: Client, ada: User) -> None:
    AuthToken.objects.create(user=ada, expiry=timedelta(seconds=-1))
    sign_in(client)
    assert AuthToken.objects.count() == 1

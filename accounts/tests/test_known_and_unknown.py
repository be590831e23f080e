"""Nobody learns from an answer, or from the work behind it, whether an address is known here."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.models import User
from accounts.tests.app import HERE, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Hashes = Callable[[Callable[[], Any]], int]


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Hashes:
    """How many passwords are hashed, which is nearly all the time that an answer takes."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def count(act: Callable[[], Any]) -> int:
        done.clear()
        act()
        return len(done)

    return count


def ask(address: str, body: dict[str, str]) -> tuple[int, Any]:
    answer = Client(raise_request_exception=False).post(address, body, "application/json")
    return answer.status_code, without_session(answer.json())


def without_session(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"meta": {**answer.get("meta", {}), "session_token": ""}, "instance": ""}


@pytest.mark.parametrize(
    ("address", "body", "name", "passwords"),
    [
        ("/api/v1/auth/token/", {"password": "wrong"}, "username", 1),
        (f"{HERE}auth/login", {"password": "wrong"}, "email", 1),
        (f"{HERE}auth/password/request", {}, "email", 0),
        (f"{HERE}auth/signup", {"password": PASSWORD}, "email", 1),
    ],
)
def test_a_known_address_costs_what_an_unknown_one_does_and_reads_the_same(
    address: str, body: dict[str, str], name: str, passwords: int, hashes: Hashes
) -> None:
    User.objects.create_user("ada", "ada@example.com", PASSWORD)
    answers = []
    taken = [
        hashes(lambda given=given: answers.append(ask(address, body | {name: given})))  # type: ignore[misc]
        for given in ("ada@example.com", "nobody@example.com")
    ]
    assert taken == [passwords, passwords]
    assert answers[0] == answers[1]

"""The second step in the app: a code lets in once, in whatever process; tries are counted for the person."""

from collections import Counter
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from freezegun import freeze_time

from accounts.models import User
from accounts.tests.app import PASSWORD, App

pytestmark = pytest.mark.django_db

NOON = "2026-11-25T12:00:00Z"


@pytest.fixture
def secret() -> Iterator[str]:
    """Of Ada's authenticator app; it is noon."""
    user = User.objects.create_user("ada", "ada@example.com", PASSWORD, is_staff=True)
    key = str(totp.generate_totp_secret())
    totp.TOTP.activate(user, key)
    with freeze_time(NOON):
        yield key


def code_of(secret: str, half_minutes_ago: int = 0) -> str:
    now = list(totp.yield_hotp_counters_from_time())[1]
    return str(totp.format_hotp_value(totp.hotp_value(secret, now - half_minutes_ago)))


def enter(code: str, address: str = "127.0.0.1") -> int:
    """A phone that knows the password tries a code in a process that remembers nothing."""
    phone = App(address=address)
    phone.post("auth/login", {"email": "ada@example.com", "password": PASSWORD})
    cache.clear()
    phone.post("auth/2fa/authenticate", {"code": code})
    return phone.status


def test_a_code_lets_in_once_and_none_older_than_it_afterwards(secret: str) -> None:
    assert enter("000000") == 400
    assert enter(code_of(secret)) == 200
    assert enter(code_of(secret)) == 400
    assert enter(code_of(secret, half_minutes_ago=1)) == 400
    assert enter(code_of(secret, half_minutes_ago=-1)) == 200, "a clock that goes before"


def test_one_that_was_used_in_the_back_office_is_used(secret: str) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    assert browser.post("/admin/login/code/", {"code": code_of(secret)}).status_code == 302
    assert enter(code_of(secret)) == 400


def test_whoever_has_the_password_does_not_guess_the_code_from_many_addresses(secret: str) -> None:
    phones = [App(address=f"10.6.{number}.6") for number in range(30)]
    for phone in phones:
        phone.post("auth/login", {"email": "ada@example.com", "password": PASSWORD})
    statuses: Counter[int] = Counter()
    for phone in phones:
        phone.post("auth/2fa/authenticate", {"code": "000000"})
        statuses[phone.status] += 1
    assert statuses == {400: 20, 429: 10}
    assert enter(code_of(secret)) == 429

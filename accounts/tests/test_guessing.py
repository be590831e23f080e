"""Ten thousand guesses, at every door, from one address and from many: none gets in, and the owner does."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from freezegun import freeze_time
from knox.models import AuthToken
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.sign_in import SignInView
from accounts.tests.app import HERE, PASSWORD, App
from accounts.tokens import TokenAuthentication

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOON = "2026-11-25T12:00:00Z"
HOME = "10.0.0.1"


@pytest.fixture
def ada() -> Iterator[User]:
    """Somebody who has signed in at home before."""
    user = User.objects.create_user("ada", "ada@example.com", PASSWORD, is_staff=True)
    with freeze_time(NOON):
        assert at_home() == 200
        yield user


def at_home() -> int:
    body = {"username": "ada", "password": PASSWORD}
    return Client().post("/api/v1/auth/token/", body, "application/json", REMOTE_ADDR=HOME).status_code


def guesses(count: int) -> Iterator[str]:
    """The right one is among them, and comes late."""
    return (PASSWORD if number == count * 4 // 5 else f"guess {number}" for number in range(count))


def one_address() -> Iterator[str]:
    return itertools.repeat("10.6.6.6")


def many_addresses() -> Iterator[str]:
    return (
        f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}" for number in itertools.count(2**17)
    )


class Door(APIView):
    """As good as any that asks for a token."""

    authentication_classes = (TokenAuthentication,)

    def get(self, request: Request) -> Response:
        return Response({})


DOOR = Door.as_view()
Addresses = Callable[[], Iterator[str]]
FROM = pytest.mark.parametrize("addresses", [one_address, many_addresses])


@FROM
@pytest.mark.parametrize("name", ["ada", "ADA@example.com"])
def test_at_a_password(ada: User, addresses: Addresses, name: str) -> None:
    view, factory = SignInView.as_view(), RequestFactory()
    statuses: Counter[int] = Counter()
    for address, guess in zip(addresses(), guesses(1_250), strict=False):
        body = json.dumps({"username": name, "password": guess})
        request = factory.post("/", body, content_type="application/json", REMOTE_ADDR=address)
        statuses[view(request).status_code] += 1
    assert set(statuses) == {401, 429}
    assert statuses[401] <= 50
    assert at_home() == 200


@FROM
def test_at_a_password_through_the_apps_sign_in(ada: User, addresses: Addresses) -> None:
    client, statuses = Client(), Counter[int]()
    for address, guess in zip(addresses(), guesses(150), strict=False):
        body = {"email": "ada@example.com", "password": guess}
        answer = client.post(f"{HERE}auth/login", body, "application/json", REMOTE_ADDR=address)
        statuses[answer.status_code] += 1
    assert set(statuses) == {400, 429}
    assert statuses[400] <= 50
    assert at_home() == 200


def test_at_a_code_for_a_new_password(ada: User) -> None:
    statuses: Counter[int] = Counter()
    for number, address in zip(range(100), many_addresses(), strict=False):
        phone = App(address=address)
        phone.post("auth/password/request", {"email": "ada@example.com"})
        for code in ("BCDF-GHJK", "LMNP-QRST", "VWXZ-BCDF", "GHJK-LMNP"):
            phone.post("auth/password/reset", {"key": code, "password": f"another phrase {number}"})
            statuses[phone.status] += 1
    assert 401 not in statuses, "which would say that it was changed"
    assert statuses[400] == 300, "three tries at each code, and no more"
    assert at_home() == 200


def test_one_address_cannot_have_a_mailbox_filled(ada: User) -> None:
    phone = App(address="10.6.6.6")
    statuses = Counter[int]()
    for _ in range(50):
        phone.session = ""
        phone.post("auth/password/request", {"email": "ada@example.com"})
        statuses[phone.status] += 1
    assert statuses == {401: 6, 429: 44}


def test_at_the_link_for_a_new_password(ada: User) -> None:
    uid = urlsafe_base64_encode(force_bytes(ada.pk))
    good = default_token_generator.make_token(ada)
    client, statuses = Client(), Counter[int]()
    for number in range(300):
        wrong = f"{good.split('-')[0]}-{number:032x}"
        statuses[client.get(f"/admin/password/{uid}/{wrong}/", REMOTE_ADDR="10.6.6.6").status_code] += 1
    assert statuses == {200: 60, 429: 240}, "a page that says no, and then not even that"
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@FROM
def test_at_a_token(ada: User, addresses: Addresses) -> None:
    token, secret = AuthToken.objects.create(user=ada)
    factory = RequestFactory()
    statuses: Counter[int] = Counter()
    for address, number in zip(addresses(), range(2_000), strict=False):
        guess = secret[:60] + f"{number:04x}" if number % 2 else f"{number:064x}"
        statuses[
            asked(factory.get("/", headers={"Authorization": f"Token {guess}"}, REMOTE_ADDR=address))
        ] += 1
    assert 200 not in statuses
    assert token.digest


def asked(request: WSGIRequest) -> int:
    """The status that a guess at a token gets."""
    return int(DOOR(request).status_code)


def test_a_client_that_names_other_addresses_for_itself_is_not_believed(ada: User) -> None:
    client, statuses = Client(), Counter[int]()
    for number, guess in enumerate(guesses(100)):
        body = {"username": "ada", "password": guess}
        headers = {"X-Forwarded-For": f"10.1.1.{number}"}
        answer = client.post(
            "/api/v1/auth/token/", body, "application/json", headers=headers, REMOTE_ADDR="10.6.6.6"
        )
        statuses[answer.status_code] += 1
    assert statuses == {401: 10, 429: 90}


def test_a_whole_network_of_ipv6_counts_as_one(ada: User) -> None:
    client, statuses = Client(), Counter[int]()
    for number, guess in enumerate(guesses(100)):
        body = {"username": "ada", "password": guess}
        address = f"2001:db8:0:7::{number + 1:x}"
        answer = client.post("/api/v1/auth/token/", body, "application/json", REMOTE_ADDR=address)
        statuses[answer.status_code] += 1
    assert statuses == {401: 10, 429: 90}

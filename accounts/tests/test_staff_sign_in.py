"""`/admin/login/`: guesses are counted, a second factor is asked for, a password ends with its sessions."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time
from pytest_django import Settings

from accounts.models import Session, User
from accounts.staff import second_factor
from accounts.tests.app import PASSWORD, mails

pytestmark = pytest.mark.django_db

LOGIN, CODE, MINE = "/admin/login/", "/admin/login/code/", "/admin/my-sign-in/"
NOON = "2026-11-25T12:00:00Z"


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("owner", "owner@example.com", PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, *, address: str = "127.0.0.1") -> int:
    answer = client.post(LOGIN, {"username": "owner", "password": password}, REMOTE_ADDR=address)
    return answer.status_code


def code_of(secret: str) -> str:
    counter = next(totp.yield_hotp_counters_from_time()) + 1  # the one before now comes first
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


@pytest.fixture
def secret(owner: User) -> str:
    key = str(totp.generate_totp_secret())
    totp.TOTP.activate(owner, key)
    return key


def test_user_name_and_password_lead_in(client: Client, owner: User) -> None:
    assert sign_in(client) == 302
    assert client.get("/admin/").status_code == 200
    assert client.get(LOGIN).status_code == 302, "nothing to do there any more"


def test_customers_do_not_get_in(client: Client, owner: User) -> None:
    User.objects.update(is_staff=False, is_superuser=False)
    assert sign_in(client) == 200
    assert client.get("/admin/").status_code == 302


def test_guesses_are_counted_and_the_owner_gets_in_from_where_they_were_before(
    client: Client, owner: User
) -> None:
    with freeze_time(NOON):
        assert sign_in(client, address="10.0.0.1") == 302
        statuses = [sign_in(Client(), f"guess {n}", address="10.6.6.6") for n in range(150)]
        assert statuses == [200] * 10 + [429] * 140
        assert sign_in(Client(), address="10.6.6.6") == 429, "not even the right one, from there"
        assert sign_in(Client(), address="10.0.0.1") == 302


def test_guesses_from_everywhere_get_nowhere_and_the_owner_gets_in(client: Client, owner: User) -> None:
    with freeze_time(NOON):
        assert sign_in(client, address="10.0.0.1") == 302
        statuses = [sign_in(Client(), f"guess {n}", address=f"10.7.{n // 250}.{n % 250}") for n in range(300)]
        assert statuses.count(429) == 251, "fifty an hour, and the owner's own first one"
        assert sign_in(Client(), address="10.8.0.1") == 429, "a stranger who knows it: not now"
        assert sign_in(Client(), address="10.0.0.1") == 302


def test_who_has_a_second_factor_is_asked_for_it(client: Client, secret: str) -> None:
    assert client.post(LOGIN, {"username": "owner", "password": PASSWORD})["Location"] == CODE
    assert client.get("/admin/").status_code == 302, "not in yet"
    assert "not right" in client.post(CODE, {"code": "000000"}).text
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_code_is_good_once(client: Client, secret: str) -> None:
    code = code_of(secret)
    for browser, status in ((client, 302), (Client(), 200)):
        sign_in(browser)
        assert browser.post(CODE, {"code": code}).status_code == status


def test_tries_at_the_second_factor_are_counted(client: Client, secret: str) -> None:
    sign_in(client)
    with freeze_time(NOON):
        sign_in(client)
        statuses = [client.post(CODE, {"code": f"{n:06}"}).status_code for n in range(40)]
        assert statuses == [200] * 20 + [429] * 20
        assert client.post(CODE, {"code": code_of(secret)}).status_code == 429


def test_the_second_step_is_open_for_ten_minutes(client: Client, secret: str) -> None:
    sign_in(client)
    with freeze_time(timezone.now() + timedelta(minutes=11)):
        assert client.post(CODE, {"code": code_of(secret)})["Location"].startswith(LOGIN)


def test_an_app_is_added_with_the_password_and_gives_recovery_codes(client: Client, owner: User) -> None:
    sign_in(client)
    other = Client()
    sign_in(other)
    key = re.search(r"[A-Z2-7]{32}", client.get(f"{MINE}app/").text)
    assert key
    wrong = client.post(f"{MINE}app/", {"code": code_of(key[0]), "password": "wrong"})
    assert "not your password" in wrong.text
    done = client.post(f"{MINE}app/", {"code": code_of(key[0]), "password": PASSWORD})
    codes = re.findall(r"<code>(\d{8})</code>", done.text)
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302, "other browsers sign in again"
    sign_in(other)
    assert other.post(CODE, {"code": codes[0]}).status_code == 302
    third = Client()
    sign_in(third)
    assert third.post(CODE, {"code": codes[0]}).status_code == 200, "each lets in once"


def test_secrets_are_not_readable_in_the_database(secret: str) -> None:
    assert secret not in str(Authenticator.objects.get().data)


def test_a_setting_asks_it_of_all_who_may_move_money(client: Client, owner: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)
    assert client.get("/admin/refunds/refundrecord/")["Location"] == MINE
    assert client.get(MINE).status_code == 200
    second_factor.added(client.get(MINE).wsgi_request, owner, "totp")
    session = client.session
    session[second_factor.DONE] = "totp"
    session.save()
    assert client.get("/admin/refunds/refundrecord/").status_code == 200


def test_a_forgotten_password_comes_by_mail_and_ends_every_session(client: Client, owner: User) -> None:
    sign_in(client)
    assert "a mail with a link" in Client().post("/admin/forgotten/", {"email": "OWNER@example.com"}).text
    link = re.search(r"http://testserver(/admin/password/\S+)", mails()[-1].body)
    assert link
    browser = Client()
    form = browser.get(link[1], follow=True)
    words = {"new_password1": "quite another phrase", "new_password2": "quite another phrase"}
    assert browser.post(form.redirect_chain[-1][0], words).status_code == 302
    assert client.get("/admin/").status_code == 302
    assert sign_in(Client(), "quite another phrase") == 302
    assert "no longer works" in Client().get(link[1], follow=True).text


def test_an_address_of_nobody_on_the_staff_reads_the_same(client: Client, owner: User) -> None:
    known = client.post("/admin/forgotten/", {"email": "owner@example.com"}).text
    assert known == Client().post("/admin/forgotten/", {"email": "nobody@example.com"}).text
    assert [sent.to for sent in mails()] == [["owner@example.com"], ["nobody@example.com"]]
    assert "/admin/password/" not in mail.outbox[-1].body


def test_other_browsers_are_listed_and_ended(client: Client, owner: User) -> None:
    other = Client(headers={"User-Agent": "A borrowed computer"})
    sign_in(client)
    sign_in(other)
    assert "A borrowed computer" in client.get(MINE).text
    client.post(f"{MINE}end/")
    assert other.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert Session.objects.filter(user=owner).count() == 1


def test_switched_off_means_out_at_once(client: Client, owner: User) -> None:
    sign_in(client)
    owner.is_active = False
    owner.save()
    assert client.get("/admin/").status_code == 302
    assert not Session.objects.filter(user=owner).exists()

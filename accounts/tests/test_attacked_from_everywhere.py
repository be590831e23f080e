"""Strangers guess from everywhere: the owner gets in from a new address all the same, by their mail."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from accounts.models import User
from accounts.tests.app import PASSWORD, App, mails

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ABROAD, ANOTHER = "10.8.0.1", "quite another phrase"


@pytest.fixture
def attacked() -> Iterator[User]:
    """Somebody whose password strangers have just guessed at until no stranger may any more."""
    user = User.objects.create_superuser("owner", "owner@example.com", PASSWORD)
    with freeze_time(timezone.now().replace(minute=30)):
        statuses = [sign_in(f"guess {number}", f"10.7.{number}.1") for number in range(60)]
        assert statuses == [401] * 50 + [429] * 10
        assert sign_in(PASSWORD, ABROAD) == 429, "nobody knows that it is the owner"
        yield user


def sign_in(password: str, address: str) -> int:
    body = {"username": "owner", "password": password}
    return Client().post("/api/v1/auth/token/", body, "application/json", REMOTE_ADDR=address).status_code


def test_in_the_app_by_the_code_for_a_new_password(attacked: User) -> None:
    phone = App(address=ABROAD)
    phone.post("auth/password/request", {"email": "owner@example.com"})
    code = str(mails()[-1].subject).removeprefix("Your code is ")
    phone.post("auth/password/reset", {"key": code, "password": ANOTHER})
    assert sign_in(ANOTHER, ABROAD) == 200
    assert sign_in(ANOTHER, "10.9.0.1") == 429, "everywhere else is still closed"


def test_in_the_back_office_by_the_link_for_a_new_password(attacked: User) -> None:
    browser = Client(REMOTE_ADDR=ABROAD)
    browser.post("/admin/forgotten/", {"email": "owner@example.com"})
    link = re.search(r"http://testserver(/admin/password/\S+)", str(mails()[-1].body))
    assert link
    form = browser.get(link[1], follow=True)
    words = {"new_password1": ANOTHER, "new_password2": ANOTHER}
    assert browser.post(form.redirect_chain[-1][0], words).status_code == 302
    assert browser.post("/admin/login/", {"username": "owner", "password": ANOTHER}).status_code == 302
    assert browser.get("/admin/").status_code == 200

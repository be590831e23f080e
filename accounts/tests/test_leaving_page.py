"""The same without the app: /account/delete/."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.app import PASSWORD, code_in_last_mail, mails

pytestmark = pytest.mark.django_db
PAGE, CONFIRM = "/account/delete/", "/account/delete/confirm/"


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", "ada@example.com", PASSWORD, name="Ada Lovelace")


def test_the_code_in_the_mail_deletes_the_account(client: Client, ada: User) -> None:
    assert client.get(PAGE).status_code == 200
    asked = client.post(PAGE, {"email": "ADA@example.com"}, follow=True)
    assert "Enter the code" in asked.text
    done = client.post(CONFIRM, {"code": code_in_last_mail().lower()})
    assert "Your account is deleted" in done.text
    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.is_active) == ("", "", False)
    assert client.post(CONFIRM, {"code": "x"}).status_code == 302


def test_an_address_nobody_has_reads_the_same(client: Client, ada: User) -> None:
    known = client.post(PAGE, {"email": "ada@example.com"}, follow=True)
    unknown = Client().post(PAGE, {"email": "nobody@example.com"}, follow=True)
    assert known.text.split("csrfmiddlewaretoken")[0] == unknown.text.split("csrfmiddlewaretoken")[0]
    assert [sent.subject for sent in mails()][-1] == "There is no account to delete"


def test_three_tries_and_a_new_code_is_needed(client: Client, ada: User) -> None:
    client.post(PAGE, {"email": "ada@example.com"})
    code = code_in_last_mail()
    for _ in range(3):
        assert "That is not the code" in client.post(CONFIRM, {"code": "BBBB-BBBB"}).text
    assert client.post(CONFIRM, {"code": code}).status_code == 302
    assert User.objects.get().is_active


def test_a_code_is_good_only_where_it_was_asked_for(client: Client, ada: User) -> None:
    client.post(PAGE, {"email": "ada@example.com"})
    assert Client().post(CONFIRM, {"code": code_in_last_mail()}).status_code == 302
    assert User.objects.get().is_active


def test_staff_are_not_deleted_here(client: Client, ada: User) -> None:
    User.objects.update(is_staff=True)
    client.post(PAGE, {"email": "ada@example.com"})
    assert mails()[-1].subject == "There is no account to delete"


def test_the_pages_are_kept_nowhere(client: Client) -> None:
    page = client.get(PAGE)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert client.post(PAGE, {"email": "not an address"}).status_code == 200

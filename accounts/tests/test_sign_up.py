from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import User
from accounts.tests.app import PASSWORD, App, mails
from bookings.models import Booking, Message, Service

pytestmark = pytest.mark.django_db


def wish(service: Service) -> dict[str, object]:
    starts_at = timezone.now().replace(microsecond=0) + timedelta(days=2)
    return {"service": service.pk, "starts_at": starts_at.isoformat()}


def test_who_signs_up_verifies_by_the_code_in_the_mail_and_books(service: Service) -> None:
    phone = App()
    phone.sign_up("Ada@Example.com", name="Ada Lovelace", language="de")
    phone.verify()
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("ada@example.com", "Ada Lovelace", "de")
    assert phone.token
    assert AuthToken.objects.get().user == user
    phone.api("POST", "booking/", wish(service))
    assert (phone.status, Booking.objects.get().customer) == (201, user)


def test_before_the_address_is_verified_nothing_can_be_booked(service: Service) -> None:
    phone = App()
    phone.sign_up("ada@example.com")
    phone.sign_in("ADA@example.com")
    answer = phone.api("POST", "booking/", wish(service))
    assert (phone.status, answer["code"]) == (403, "email_unverified")
    assert not Booking.objects.exists()


def test_whom_staff_made_books_without_a_code(service: Service) -> None:
    User.objects.create_user("bob", "Bob@Example.com", PASSWORD)
    phone = App()
    phone.post("auth/login", {"email": "bob@example.com", "password": PASSWORD})
    assert phone.status == 200
    phone.api("POST", "booking/", wish(service))
    assert phone.status == 201


def test_somebody_without_an_address_signs_in_by_user_name() -> None:
    User.objects.create_superuser("owner", "", PASSWORD)
    phone = App()
    phone.post("auth/login", {"username": "owner", "password": PASSWORD})
    assert phone.status == 200
    assert phone.token


def test_a_known_address_reads_the_same_and_gets_another_mail() -> None:
    first, second = App(), App()
    first.post("auth/signup", {"email": "ada@example.com", "password": PASSWORD})
    answers = [first.status]
    first_mail = mails()[-1].subject
    body = second.post("auth/signup", {"email": "Ada@Example.com", "password": "something else long"})
    assert [*answers, second.status] == [401, 401]
    assert [flow["id"] for flow in body["data"]["flows"] if flow.get("is_pending")] == ["verify_email"]
    assert (first_mail.startswith("Your code is"), mails()[-1].subject) == (
        True,
        "You have an account already",
    )
    assert User.objects.count() == 1
    second.post("auth/email/verify", {"key": "BBBB-BBBB"})
    assert second.status == 400


def test_a_forgotten_password_is_replaced_by_a_code_and_ends_every_token() -> None:
    phone = App()
    phone.sign_up("ada@example.com")
    phone.verify()
    other = App()
    other.post("auth/password/request", {"email": "ADA@example.com"})
    found = mails()[-1].subject.removeprefix("Your code is ")
    other.post("auth/password/reset", {"key": found, "password": "quite another phrase"})
    assert other.status == 401, "and now they sign in"
    phone.api("GET", "booking/")
    assert phone.status == 401
    other.post("auth/login", {"email": "ada@example.com", "password": "quite another phrase"})
    assert other.status == 200


def test_asking_for_a_password_of_nobody_answers_the_same() -> None:
    User.objects.create_user("ada", "ada@example.com", PASSWORD)
    known, unknown = App(), App()
    known_answer = known.post("auth/password/request", {"email": "ada@example.com"})
    unknown_answer = unknown.post("auth/password/request", {"email": "nobody@example.com"})
    assert known.status == unknown.status == 401
    assert known_answer["data"] == unknown_answer["data"]
    assert [sent.to for sent in mails()] == [["ada@example.com"], ["nobody@example.com"]]


def test_the_token_of_this_api_is_enough_to_change_the_password() -> None:
    User.objects.create_user("ada", "ada@example.com", PASSWORD)
    phone = App()
    phone.sign_in("ada")
    phone.post(
        "account/password/change", {"current_password": PASSWORD, "new_password": "quite another phrase"}
    )
    assert phone.status == 401, "signed out everywhere, and here too"
    phone.api("GET", "booking/")
    assert phone.status == 401
    assert "password was changed" in mails()[-1].body


def test_an_address_is_changed_once_the_new_one_is_verified() -> None:
    phone = App()
    phone.sign_up("ada@example.com")
    phone.verify()
    phone.session = ""
    phone.post("account/email", {"email": "new@example.com"})
    assert User.objects.get().email == "ada@example.com"
    phone.verify()
    assert User.objects.get().email == "new@example.com"
    assert [sent.to for sent in mails()[-1:]] == [["ada@example.com"]], "the old one hears of it"


def test_codes_and_addresses_are_sealed_until_sent_and_then_gone() -> None:
    App().sign_up("ada@example.com")
    waiting = Message.objects.get()
    assert waiting.sealed
    assert "ada@" not in str(waiting.__dict__)
    mails()
    waiting.refresh_from_db()
    assert (waiting.sealed, waiting.sent_at is not None) == ("", True)


def test_the_specification_of_these_addresses_is_served() -> None:
    phone = App()
    specification = phone.call("GET", "openapi.json", base="/api/v1/accounts/")
    assert phone.status == 200
    assert "/api/v1/accounts/app/v1/auth/signup" in specification["paths"]

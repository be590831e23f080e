"""Customers as staff find and see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Customer, Note, User
from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking
from config.tests.world import Customer as Somebody
from config.tests.world import run_workers

pytestmark = pytest.mark.django_db

LIST = reverse("admin:accounts_customer_changelist")


@pytest.fixture
def people() -> dict[str, User]:
    return {
        name: User.objects.create_user(f"u{number}", address, name=name, phone=phone)
        for number, (name, address, phone) in enumerate(
            [
                ("Ada Lovelace", "ada@example.com", "+44 20 7946 0001"),
                ("Grace Hopper", "hopper@navy.example", "(020) 7946-0002"),
                ("Zoë O'Neil", "zoe@example.com", ""),
            ]
        )
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lovelace", ["Ada Lovelace"]),
        ("LOVE", ["Ada Lovelace"]),
        ("ada love", ["Ada Lovelace"]),
        ("opper", ["Grace Hopper"]),
        ("navy.example", ["Grace Hopper"]),
        ("example", ["Ada Lovelace", "Grace Hopper", "Zoë O'Neil"]),
        ("020 7946-0002", ["Grace Hopper"]),
        ("79460001", ["Ada Lovelace"]),
        ("o'neil", ["Zoë O'Neil"]),
        ("zoë", ["Zoë O'Neil"]),
        ("ad", []),
        ("100%", []),
        ("a_a", []),
        ("nobody", []),
    ],
)
def test_they_are_found_by_any_part(people: dict[str, User], typed: str, found: list[str]) -> None:
    page = signed_in(person("reception")).get(LIST, {"q": typed})
    assert [name for name in people if f">{name.replace(chr(39), '&#x27;')}<" in page.text] == found


def test_a_change_is_found_at_once_and_who_is_gone_is_not(people: dict[str, User]) -> None:
    ada = people["Ada Lovelace"]
    User.objects.filter(pk=ada.pk).update(name="Ada King")
    client = signed_in(person("reception"))
    assert "Ada King" in client.get(LIST, {"q": "king"}).text
    assert "Ada King" not in client.get(LIST, {"q": "lovelace"}).text


def test_their_page_tells_what_they_booked_paid_and_got_back(customer: Somebody, paid: Booking) -> None:
    customer.cancel(paid)
    run_workers()
    page = signed_in(person("manager")).get(page_of(customer.user)).text
    assert paid.reference in page
    assert page.count("£45.00") >= 3
    assert "Booking confirmed" in page


def page_of(user: User) -> str:
    return reverse("admin:accounts_customer_change", args=[user.pk])


def do(client: Client, user: User, action: str, **given: Any) -> Any:
    seen = Customer.objects.get(pk=user.pk).status
    page = reverse("admin:accounts_customer_do", args=[user.pk, action])
    return client.post(page, {"seen": f"{seen}:", **given})


def test_notes_are_kept_and_shown_and_erased_with_them(people: dict[str, User]) -> None:
    ada, manager = people["Ada Lovelace"], person("manager")
    client = signed_in(manager)
    assert do(client, ada, "note", text="Prefers mornings").status_code == 302
    assert "Prefers mornings" in client.get(page_of(ada)).text
    assert do(client, ada, "erase", sure="erase").status_code == 302
    assert not Note.objects.exists()
    ada.refresh_from_db()
    assert (ada.name, ada.email) == ("", "")


def test_erasing_is_refused_for_the_same_reasons_as_by_the_command(customer: Somebody, paid: Booking) -> None:
    answer = do(signed_in(person("manager")), customer.user, "erase", sure="erase")
    assert "Still open: 1 bookings, 0 refunds, 0 disputes" in answer.text
    assert User.objects.get(pk=customer.user.pk).email


def test_a_name_and_an_address_are_changed_and_a_taken_one_is_told(people: dict[str, User]) -> None:
    ada, client = people["Ada Lovelace"], signed_in(person("reception"))
    changes = {"name": "Ada King", "phone": "", "email": "King@Example.com"}
    assert do(client, ada, "edit", **changes).status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.phone, ada.email) == ("Ada King", "", "king@example.com")
    taken = do(client, ada, "edit", **(changes | {"name": "X", "email": "zoe@example.com"}))
    assert "Somebody else has this address" in taken.text
    ada.refresh_from_db()
    assert ada.name == "Ada King"


def test_staff_are_not_among_them() -> None:
    manager = person("manager")
    assert signed_in(manager).get(page_of(manager)).status_code == 302

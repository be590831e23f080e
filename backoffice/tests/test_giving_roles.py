"""Nobody gives what they don't have, somebody stays the owner, and all is written down for good."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Staff, StaffChange, User
from accounts.staff import giving
from accounts.tests.app import mails
from backoffice.roles import ROLES
from backoffice.tests.desk_world import person, signed_in
from core.errors import DomainError

pytestmark = pytest.mark.django_db


def do(client: Client, who: User, action: str, **given: Any) -> int:
    page = reverse("admin:accounts_staff_do", args=[who.pk, action])
    seen = Staff.objects.get(pk=who.pk).status
    return client.post(page, {"seen": f"{seen}:", **given}).status_code


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def names(who: User) -> list[str]:
    return sorted(who.groups.values_list("name", flat=True))


def test_an_owner_gives_and_takes_roles_and_it_is_written_down() -> None:
    owner, eve = person("owner"), person("viewer", "eve")
    assert do(signed_in(owner), eve, "roles", roles=[role("reception").pk, role("disputes").pk]) == 302
    assert names(eve) == ["disputes", "reception"]
    change = StaffChange.objects.get()
    assert (change.actor, change.about_id, change.action) == (f"staff:{owner.pk}", eve.pk, "roles.changed")
    assert change.detail == {"before": ["viewer"], "after": ["disputes", "reception"]}


@pytest.mark.parametrize("given", sorted(ROLES))
@pytest.mark.parametrize("giver", sorted(ROLES))
def test_each_role_gives_at_most_what_it_holds(giver: str, given: str) -> None:
    somebody, eve = person(giver, "giver"), person("own diary", "eve")
    allowed = giver in ("owner", "manager") and ROLES[given] <= ROLES[giver]
    status = do(signed_in(somebody), eve, "roles", roles=[role(given).pk])
    assert (status == 302) is allowed, status
    assert names(eve) == ([given] if allowed else ["own diary"])


def test_nobody_raises_themselves() -> None:
    manager = person("manager")
    assert do(signed_in(manager), manager, "roles", roles=[role("owner").pk]) == 409
    assert names(manager) == ["manager"]


@pytest.mark.parametrize("action", ["roles", "off", "sign-out"])
def test_nobody_touches_somebody_who_may_do_more(action: str) -> None:
    owner, manager = person("owner"), person("manager")
    assert do(signed_in(manager), owner, action, roles=[]) == 409
    owner.refresh_from_db()
    assert (owner.is_active, names(owner)) == (True, ["owner"])


def test_the_last_owner_stays() -> None:
    owner = person("owner")
    for action, given in (("roles", {"roles": [role("viewer").pk]}), ("off", {})):
        assert do(signed_in(owner), owner, action, **given) == 409
    second = person("owner", "second")
    assert do(signed_in(owner), owner, "roles", roles=[role("viewer").pk]) == 302
    with pytest.raises(DomainError, match="last_owner"):
        giving.switch(second, second, on=False, now=timezone.now())
    assert names(owner) == ["viewer"]


def test_who_is_invited_chooses_a_password_by_the_link() -> None:
    owner = person("owner")
    form = {"name": "Grace Hopper", "email": "Grace@Example.com", "roles": [role("reception").pk]}
    assert signed_in(owner).post(reverse("admin:accounts_staff_invite"), form).status_code == 302
    grace = User.objects.get(email="grace@example.com")
    assert (grace.is_staff, grace.is_superuser, names(grace)) == (True, False, ["reception"])
    link = re.search(r"http://testserver(/admin/password/\S+)", mails()[-1].body)
    assert link
    browser = Client()
    page = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(page, {"new_password1": "a phrase of mine", "new_password2": "a phrase of mine"})
    sent = {"username": "grace@example.com", "password": "a phrase of mine"}
    assert browser.post("/admin/login/", sent).status_code == 302
    assert [change.action for change in StaffChange.objects.order_by("pk")] == ["invited", "roles.changed"]


def test_a_manager_invites_nobody_as_owner_also_by_a_forged_form() -> None:
    manager = person("manager")
    form = {"name": "Eve", "email": "eve@example.com", "roles": [role("owner").pk]}
    assert signed_in(manager).post(reverse("admin:accounts_staff_invite"), form).status_code == 200
    assert not User.objects.filter(email="eve@example.com").exists()


def test_an_address_that_is_taken_is_told() -> None:
    owner = person("owner")
    User.objects.create_user("ada", "ada@example.com")
    form = {"name": "Ada", "email": "ada@example.com", "roles": [role("viewer").pk]}
    answer = signed_in(owner).post(reverse("admin:accounts_staff_invite"), form)
    assert "Somebody has this address already" in answer.text


@pytest.mark.parametrize(
    "verb", ["UPDATE accounts_staffchange SET actor = 'x'", "DELETE FROM accounts_staffchange"]
)
def test_the_log_cannot_be_changed(verb: str) -> None:
    giving.record(None, person("viewer"), "invited", now=timezone.now())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)


def test_a_hand_made_post_sets_no_flag() -> None:
    owner, eve = person("owner"), person("viewer", "eve")
    client = signed_in(owner)
    page = reverse("admin:accounts_staff_change", args=[eve.pk])
    assert client.post(page, {"is_superuser": "on", "username": "eve"}).status_code == 403
    eve.refresh_from_db()
    assert not eve.is_superuser

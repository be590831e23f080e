import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from backoffice import roles

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def somebody_in(role: str) -> User:
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def test_each_role_gets_all_the_permissions_it_names() -> None:
    roles.ensure_roles()
    for name, wanted in roles.ROLES.items():
        assert somebody_in(name).get_all_permissions() == wanted


def test_making_them_again_keeps_what_somebody_added() -> None:
    roles.ensure_roles()
    viewer = Group.objects.get(name="viewer")
    more = Group.objects.get(name="manager").permissions.get(codename="replay_event")
    viewer.permissions.add(more)
    assert roles.ensure_roles() == [
        "viewer",
        "refunds",
        "disputes",
        "own diary",
        "reception",
        "manager",
        "owner",
    ]
    assert more in viewer.permissions.all()


def test_only_managers_approve_and_viewers_only_look() -> None:
    assert roles.roles_with("refunds.approve_refund") == ["manager", "owner"]
    assert roles.roles_with("refunds.give_goodwill") == ["refunds", "manager", "owner"]
    assert all(".view_" in permission for permission in roles.VIEWER)

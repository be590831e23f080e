"""Who may be what: nobody gives what they don't have, somebody stays the owner, all is written down."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import StaffChange, User
from core.errors import DomainError

OWNER = "owner"
MANAGE = "accounts.manage_staff"


def held_by(group: Group) -> set[str]:
    """The permissions of a role, as `app.codename`."""
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


def may_give(giver: User, group: Group) -> bool:
    """Only a role with nothing in it that the giver lacks."""
    return giver.is_superuser or (giver.has_perm(MANAGE) and held_by(group) <= giver.get_all_permissions())


def givable(giver: User) -> list[Group]:
    return [group for group in Group.objects.order_by("name") if may_give(giver, group)]


def refuse_unless_manages(giver: User, person: User) -> None:
    """Raise DomainError `not_yours` unless the giver may do all that they may: else it were a way up."""
    fresh = User.objects.get(pk=person.pk)  # also of somebody whose sign-in is off
    has_all = not fresh.is_superuser and _permissions_of(fresh) <= giver.get_all_permissions()
    if not (giver.is_active and (giver.is_superuser or (giver.has_perm(MANAGE) and has_all))):
        raise DomainError("not_yours", _("They may do more than you may: ask somebody who may do all of it."))


def _permissions_of(person: User) -> set[str]:
    held = Permission.objects.filter(Q(group__user=person) | Q(user=person))
    return {f"{app}.{name}" for app, name in held.values_list("content_type__app_label", "codename")}


def set_roles(giver: User, person: User, wanted: Iterable[Group], *, now: datetime) -> None:
    """Give a person exactly these roles. Raises DomainError: not_yours, last_owner."""
    wanted = list(wanted)
    with transaction.atomic():
        person = _locked(person)
        refuse_unless_manages(giver, person)
        for group in wanted:
            if not may_give(giver, group):
                raise DomainError(
                    "not_yours",
                    _("You can't give “%(name)s”: it holds more than you have.") % {"name": group.name},
                )
        before = _names(person)
        with _somebody_stays_owner():
            person.groups.set(wanted)
        record(giver, person, "roles.changed", now=now, before=before, after=_names(person))


def switch(giver: User, person: User, *, on: bool, now: datetime) -> None:
    """Let a person sign in, or no longer: that ends all their sessions. Raises DomainError."""
    with transaction.atomic():
        person = _locked(person)
        refuse_unless_manages(giver, person)
        person.is_active = on
        with _somebody_stays_owner():
            person.save(update_fields=["is_active"])
        record(giver, person, "sign_in.allowed" if on else "sign_in.ended", now=now)


def record(giver: User | None, person: User, action: str, *, now: datetime, **detail: Any) -> None:
    """Write down a change of somebody on the staff."""
    actor = f"staff:{giver.pk}" if giver else "command"
    StaffChange.objects.create(at=now, actor=actor, about_id=person.pk, action=action, detail=detail)


def _locked(person: User) -> User:
    # All owners, so that two who remove each other wait for one another.
    list(User.objects.select_for_update().filter(_owners()).order_by("pk"))
    return User.objects.select_for_update().get(pk=person.pk)


def _owners() -> Q:
    owners = User.groups.through.objects.filter(group__name=OWNER)
    return Q(pk__in=owners.values("user_id")) | Q(is_superuser=True)


@contextmanager
def _somebody_stays_owner() -> Iterator[None]:
    """Refuse what is done in this block if it leaves nobody who may do everything."""
    owners = User.objects.filter(_owners(), is_active=True, is_staff=True)
    had_one = owners.exists()
    yield
    if had_one and not owners.exists():
        raise DomainError("last_owner", _("Somebody has to stay the owner: make somebody else owner first."))


def _names(person: User) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))

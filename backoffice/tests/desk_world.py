"""Staff at their desk: people in roles, signed in to the admin."""

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from backoffice import roles
from backoffice.toolkit.actions import state_of
from refunds.models import RefundRecord


def person(role: str, name: str = "") -> User:
    """Somebody with one role."""
    roles.ensure_roles()
    user = User.objects.create_user(name or role, password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User, *, checks_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(user)
    return client


def action_url(record: RefundRecord, action: str) -> str:
    return reverse("admin:refunds_refundrecord_do", args=[record.pk, action])


def form_for(record: RefundRecord, **more: str) -> dict[str, str]:
    """What the action's page would send."""
    return {"seen": state_of(record), "reason": "because", **more}

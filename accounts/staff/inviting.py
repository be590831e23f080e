"""Invite somebody to the staff: they are there at once, and choose a password by a link in the mail."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.backends import who_may_be
from accounts.models import User
from accounts.staff import giving
from bookings import messages
from core.errors import DomainError


def invite(
    request: HttpRequest, giver: User, *, email: str, name: str, roles: Iterable[Group], now: datetime
) -> User:
    """Make the person and mail them. Raises DomainError: address_taken, not_yours."""
    with transaction.atomic():
        if who_may_be(email):
            raise DomainError("address_taken", _("Somebody has this address already."))
        person = User(username=email.lower(), email=email, name=name, is_staff=True)
        person.set_unusable_password()
        person.save()
        giving.record(giver, person, "invited", now=now)
        giving.set_roles(giver, person, roles, now=now)
        send_link(request, person, "staff_invited", now=now)
    return person


def invite_again(request: HttpRequest, giver: User, person: User, *, now: datetime) -> None:
    """Send a fresh link; the old one ends when a password is chosen. Raises DomainError."""
    giving.refuse_unless_manages(giver, person)
    if person.has_usable_password() or not person.email:
        raise DomainError("not_invited", _("They have a password already, or no address."))
    send_link(request, person, "staff_invited", now=now)
    giving.record(giver, person, "invited_again", now=now)


def send_link(request: HttpRequest, person: User, kind: str, *, now: datetime) -> None:
    """Mail the link on which a password is chosen (good for PASSWORD_RESET_TIMEOUT, and once)."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    messages.to_person(kind, person.email, now=now, link=request.build_absolute_uri(path), name=person.name)

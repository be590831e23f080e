"""Who is on the phone: somebody known, found by name, phone or address, or somebody new."""

import re
import uuid
from datetime import datetime

from django.db.models import Max

from accounts import search
from accounts.models import User
from backoffice.toolkit.search import people

MOST = 6
SHORTEST = 3
LONGEST_NUMBER = 18  # digits
PHONE = re.compile(r"[+0-9 ()/.-]{5,32}")


def matching(text: str) -> list[User]:
    """The customers that a text may mean: few, by address, phone or parts of the name."""
    text = " ".join(text.split())[:100]
    if len(text) < SHORTEST or "\0" in text:
        return []
    found = User.objects.filter(is_active=True)
    if "@" in text:
        found = found.filter(pk__in=people(text))
    else:
        found = search.find(found, plain(text) if is_phone(text) else text)
    return list(found.order_by("name", "pk")[:MOST])


def chosen(number: str) -> User | None:
    """The one who was picked from those that match."""
    if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        return None
    return User.objects.filter(pk=int(number), is_active=True).first()


def is_phone(text: str) -> bool:
    return PHONE.fullmatch(text.strip()) is not None


def plain(phone: str) -> str:
    """A phone number without what people put between its digits."""
    return re.sub(r"[^0-9+]", "", phone)


def make(*, name: str, phone: str, email: str) -> User:
    """Somebody new, who can't sign in until they ask for a password by their address."""
    user = User(username=f"desk-{uuid.uuid4().hex[:20]}", name=name, phone=plain(phone), email=email)
    user.set_unusable_password()
    user.save()
    return user


def last_here(found: list[User]) -> dict[int, datetime]:
    """When each of them had their last appointment."""
    seen = User.objects.filter(pk__in=[one.pk for one in found]).annotate(last=Max("bookings__starts_at"))
    return {one.pk: one.last for one in seen if one.last is not None}

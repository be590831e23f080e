"""Who is it: by user name, or by e-mail address in any case, and no quicker for a name that nobody has."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import User


class ByNameOrAddress(ModelBackend):
    """The one way to check a password (settings.AUTHENTICATION_BACKENDS)."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **other: Any,
    ) -> User | None:
        given = username or other.get("email")
        if given is None or password is None:
            return None
        people = who_may_be(given)
        for user in people:
            if user.check_password(password) and self.user_can_authenticate(user):
                return user
        if not people:
            User().set_password(password)  # takes as long as checking one
        return None


def who_may_be(given: str) -> list[User]:
    """Whom a user name, or an e-mail address in any case, may mean: nearly always nobody or one person."""
    named = list(User.objects.filter(username=given)[:1])
    if "@" not in given:
        return named
    low = given.strip().lower()
    addressed = User.objects.alias(low=Lower("email")).filter(low=low).order_by("pk")[:1]
    called_so = () if named else User.objects.alias(low=Lower("username")).filter(low=low)[:1]
    return list({user.pk: user for user in (*named, *addressed, *called_so)}.values())

"""Whose token is it: Knox's authentication, made safe against rubbish, in one statement built once."""

from typing import Any

from django.utils import timezone, translation
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.guesses import BadTokens
from accounts.models import User
from core import language
from core.storage import rows
from core.storage.rows import Where


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # Knox is untyped
    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            limit = BadTokens()
            if not limit.take(limit.get_cache_key(request)):
                raise Throttled(wait=limit.wait()) from None
            raise

    def authenticate_credentials(self, token: bytes) -> Any:
        if not (token.isalnum() and len(token) <= 128):  # Knox would decode it and fall over
            raise AuthenticationFailed("Invalid token.")
        found = _living(token.decode())
        if found is None:
            raise AuthenticationFailed("Invalid token.")
        if found.expiry:
            self.renew_token(found)
        user, _ = self.validate_user(found)
        if wish := language.ours(user.language):
            translation.activate(wish)  # until the request is answered: customers_language takes it back
        return user, found


def _living(secret: str) -> AuthToken | None:
    """The token with this secret, if it hasn't expired. Dead ones are deleted at sign-in, not here."""
    of_secret = Where("digest = %s", (hash_token(secret),))
    for token in rows.read(AuthToken, of_secret, follow="user"):
        if token.expiry is None or token.expiry >= timezone.now():
            return token
    return None


def new_token(user: User) -> tuple[AuthToken, str]:
    """A token for one more device, and its secret, which is told once. Dead ones are cleared away."""
    AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
    token, secret = AuthToken.objects.create(user=user)
    return token, secret

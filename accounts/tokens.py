"""Whose token is it: Knox's authentication, made safe against rubbish and one query cheaper."""

from typing import Any

from django.utils import timezone, translation
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.guesses import BadTokens
from accounts.models import User
from core import language


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
        user, found = super().authenticate_credentials(token)
        if wish := language.ours(user.language):
            translation.activate(wish)  # until the request is answered: customers_language takes it back
        return user, found

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Is it expired? Knox also deletes dead ones here, a query per request; sign-in does that instead."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


def new_token(user: User) -> tuple[AuthToken, str]:
    """A token for one more device, and its secret, which is told once. Dead ones are cleared away."""
    AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
    token, secret = AuthToken.objects.create(user=user)
    return token, secret

"""Who signs in through allauth's API gets the one kind of token that we have, and may use it there."""

from datetime import timedelta

from allauth.headless.internal.sessionkit import session_store
from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from accounts.backends import ByNameOrAddress
from accounts.models import User
from accounts.tokens import TokenAuthentication, new_token

SCHEME = "Token "
BACKEND = f"{ByNameOrAddress.__module__}.{ByNameOrAddress.__qualname__}"
# allauth's own session only spans a step and the next; the token is what lasts.
STEPS_TAKE = timedelta(minutes=30)


class KnoxTokens(SessionTokenStrategy):  # type: ignore[misc]  # allauth is untyped
    def create_access_token(self, request: HttpRequest) -> str:
        request.session.set_expiry(STEPS_TAKE)
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - allauth asks once somebody is signed in
        return new_token(user)[1]

    def get_session_token(self, request: HttpRequest) -> str | None:
        """allauth's X-Session-Token, or else the token of this API (`Authorization: Token …`)."""
        given: str | None = super().get_session_token(request)
        if given:
            return given
        authorization = request.headers.get("Authorization", "")
        return authorization if authorization.startswith(SCHEME) else None

    def lookup_session(self, session_token: str) -> SessionBase | None:
        if not session_token.startswith(SCHEME):
            found: SessionBase | None = super().lookup_session(session_token)
            return found
        try:
            secret = session_token.removeprefix(SCHEME).strip().encode()
            user, _ = TokenAuthentication().authenticate_credentials(secret)
        except AuthenticationFailed:
            return None
        return _session_of(user)


def _session_of(user: User) -> SessionBase:
    """A session for one request: kept only if a flow has something to remember until the next."""
    session: SessionBase = session_store()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(STEPS_TAKE)
    session.modified = False
    return session

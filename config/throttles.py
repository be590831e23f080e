"""Who may ask how often. Reads of signed-in customers and the webhook are never counted."""

from hashlib import sha256
from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # DRF imports this module while it is still importing its views
    from rest_framework.views import APIView


class ChangesByCustomer(UserRateThrottle):
    """Changes by a signed-in customer, generously."""

    scope = "changes"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class Anonymous(AnonRateThrottle):
    scope = "anonymous"


class SignInByAddress(AnonRateThrottle):
    scope = "sign_in_address"


class SignInByUser(SimpleRateThrottle):
    """Guesses at one account, from wherever they come."""

    scope = "sign_in_user"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        name = request.data.get("username") if isinstance(request.data, dict) else None
        if not isinstance(name, str):
            return None
        digest = sha256(name.casefold().encode(errors="replace")).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": digest}

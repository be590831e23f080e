"""allauth's API is counted by our counters, in the database: its own count in each process for itself."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.exceptions import Throttled

from accounts import guesses
from core.throttles import Anonymous

GetResponse = Callable[[HttpRequest], HttpResponse]
# Asking for one of these sends a mail to the address given.
SENDS_MAIL = ("auth/signup", "auth/password/request", "account/email")


class counted:  # noqa: N801 - a middleware like the others, which needs Django's process_view
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.app_names[:1] != ["headless"]:
            return None
        if len(request.body) > settings.API_MAX_BYTES:
            return HttpResponse(status=413)
        try:
            _count(request, match.route)
        except Throttled as error:
            response = HttpResponse('{"status": 429}', status=429, content_type="application/json")
            response["Retry-After"] = guesses.retry_after(error)
            return response
        return None


def _count(request: HttpRequest, route: str) -> None:
    if request.method == "GET":
        reads = Anonymous()
        if not reads.take(reads.get_cache_key(request)):
            raise Throttled(wait=reads.wait())
        return
    guesses.count_address(request)
    if route.endswith(SENDS_MAIL) and (address := _address_in(request)):
        guesses.count_mail(request, address)


def _address_in(request: HttpRequest) -> str:
    try:
        given = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return ""  # allauth refuses it
    address = given.get("email") if isinstance(given, dict) else None
    return address if isinstance(address, str) else ""

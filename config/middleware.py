"""Small middleware: a request's id, Stripe's short cut, what is refused unread, what pages may load."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.settings import api_settings

from bookings.models import Business
from config import exceptions
from core import language
from payments import gateway
from payments.views import webhook

GetResponse = Callable[[HttpRequest], HttpResponse]

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Unfold (admin) and Swagger's page need inline styles and scripts; Alpine.js evaluates its attributes.
PAGES_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'"


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id, on every log line, in the trail and in the answer.

    A trusted proxy's own is kept if it is sane. A client's is not: it might say who they are, for ever.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        keep = api_settings.NUM_PROXIES and SANE_ID.fullmatch(given)
        identity = given if keep else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=identity)
        response = get_response(request)
        response["X-Request-ID"] = identity
        return response

    return middleware


def webhooks_go_straight(get_response: GetResponse) -> GetResponse:
    """Stripe brings no session, cookie or form: the rest of the chain would only cost time."""
    address = reverse("webhook")

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != address:
            return get_response(request)
        response = webhook(request)
        response["Content-Length"] = len(response.content)  # else the server sends it in chunks
        return response

    return middleware


def people_wait_for_stripe(get_response: GetResponse) -> GetResponse:
    """Whoever waits gets an answer in seconds, whatever Stripe does, and only some wait at a time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_staff = request.path_info.startswith("/admin/")
        with gateway.somebody_waits(gateway.STAFF_SECONDS if is_staff else gateway.CUSTOMER_SECONDS):
            return get_response(request)

    return middleware


def no_null_characters(get_response: GetResponse) -> GetResponse:
    """Refuse what PostgreSQL can't look up: without this each such reference or session would be a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query, cookies = request.META.get("QUERY_STRING", ""), request.META.get("HTTP_COOKIE", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query or "\\000" in cookies:
            raise BadRequest
        return get_response(request)

    return middleware


def customers_language(get_response: GetResponse) -> GetResponse:
    """Customers are answered in the language that the request asks for, until we know whose it is.

    An account's own language goes first (`accounts.tokens`). Staff pages stay English.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin"):
            return get_response(request)
        wishes = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
        with language.speaking(language.choose([*(code for code, _ in wishes), settings.CUSTOMERS_LANGUAGE])):
            response = get_response(request)
            response.headers.setdefault("Content-Language", language.active())
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Pages load from here only; everything else is data and may load nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        response.setdefault("Content-Security-Policy", PAGES_POLICY if page else STRICT_POLICY)
        return response

    return middleware


def problems_under_api(get_response: GetResponse) -> GetResponse:
    """An error under /api/ is a problem document, also where no view of ours made it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not page or not request.path_info.startswith("/api/"):
            return response
        return exceptions.page_as_problem(request, response)

    return middleware


def staff_time(get_response: GetResponse) -> GetResponse:
    """Staff see the time on the business's wall; everything else speaks UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            return get_response(request)
        with timezone.override(Business.current().zone):
            return get_response(request)

    return middleware

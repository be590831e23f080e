"""Every error under /api/ as a problem document (RFC 9457, `application/problem+json`)."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError, problem_document
from core.storage import database

CONTENT_TYPE = "application/problem+json"
DATABASE_AWAY_SECONDS = 5
ERROR_CODES = {"authentication_failed": "invalid_token", "error": "server_error", "parse_error": "malformed"}


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler; None for an error it doesn't know: Django logs it and calls server_error."""
    if isinstance(error, DomainError):
        body = problem_document(error.status, error.code, error.detail, **error.extra)
        return _response(body, {"Retry-After": str(error.retry_after)} if error.retry_after else {})
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, (SuspiciousOperation, BadRequest)):
        error = exceptions.ParseError()
    if not isinstance(error, exceptions.APIException):
        return None
    return _response(_api_document(error), _headers(error))


def _response(body: dict[str, Any], headers: dict[str, str]) -> Response:
    set_rollback()
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _api_document(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_fields(error.get_full_details()))
        return problem_document(400, "invalid", _("Some fields are missing or wrong."), errors=errors)
    detail = error.detail if isinstance(error.detail, str) else error.default_detail
    code = getattr(error.detail, "code", error.default_code)
    return problem_document(error.status_code, ERROR_CODES.get(code, code), str(detail))


def _fields(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested details into dotted field names; the field "" is the input as a whole."""
    if isinstance(details, Mapping) and set(details) == {"message", "code"}:
        yield {"field": path, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            own = path if name == "non_field_errors" else ".".join(filter(None, (path, str(name))))
            yield from _fields(inner, own)
    elif isinstance(details, Sequence):
        for position, inner in enumerate(details):
            leaf = isinstance(inner, Mapping) and set(inner) == {"message", "code"}
            yield from _fields(inner, path if leaf else f"{path}.{position}")


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(ceil(getattr(error, "wait", None) or 1))
    return headers


def _page_or_problem(request: HttpRequest, page: HttpResponse, code: str, detail: str) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return page
    body = problem_document(page.status_code, code, detail)
    return JsonResponse(body, status=page.status_code, content_type=CONTENT_TYPE)


def page_as_problem(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """The document of an error page that Django or allauth made, under /api/."""
    phrase = HTTPStatus(page.status_code).phrase
    made = {
        400: ("malformed", _("The request can't be read.")),
        403: ("permission_denied", _("This is not yours to do.")),
        413: ("too_large", "The request body is too large."),
    }
    code, detail = made.get(page.status_code, (phrase.lower().replace(" ", "_"), f"{phrase}."))
    answer = _page_or_problem(request, page, code, detail)
    if "Allow" in page:
        answer["Allow"] = page["Allow"]
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    page = defaults.bad_request(request, exception)
    return _page_or_problem(request, page, "malformed", _("The request can't be read."))


def too_large(request: HttpRequest) -> HttpResponse:
    page = HttpResponse("This is too large.\n", status=413, content_type="text/plain")
    return _page_or_problem(request, page, "too_large", "The request body is too large.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    page = defaults.permission_denied(request, exception)
    return _page_or_problem(request, page, "permission_denied", _("This is not yours to do."))


@csrf_exempt  # else a POST would be told of a missing form token
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Unknown addresses under /api/, also while DEBUG would show a page of its own."""
    return not_found(request, Http404())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    page = defaults.page_not_found(request, exception)
    return _page_or_problem(request, page, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 with when to come back, while the database is away."""
    if database.is_away(sys.exc_info()[1]):
        return _database_away(request)
    page = defaults.server_error(request)
    detail = _("Something went wrong on our side. It was logged; trying again does no harm.")
    return _page_or_problem(request, page, "server_error", detail)


def _database_away(request: HttpRequest) -> HttpResponse:
    database.drop()
    detail = _("We can't get at our records right now. Please try again in a moment.")
    page = HttpResponse(f"{detail}\n", status=503, content_type="text/plain; charset=utf-8")
    response = _page_or_problem(request, page, "unavailable", detail)
    response["Retry-After"] = str(DATABASE_AWAY_SECONDS)
    return response

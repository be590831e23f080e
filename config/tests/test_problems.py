"""Every kind of error under /api/ is a problem document, whoever raised it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from config import urls
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.once]


class Line(serializers.Serializer[Any]):
    amount = serializers.IntegerField()


class Order(serializers.Serializer[Any]):
    name = serializers.CharField()
    lines = Line(many=True)


RAISED: dict[str, Exception] = {
    "taken": DomainError("slot_taken", "Somebody was faster."),
    "away": DomainError("stripe_unavailable", "Later.", status=503, retry_after=5, extra={"quote": {"a": 1}}),
    "missing": Http404("No Booking matches the given query."),
    "forbidden": PermissionDenied("secret reason"),
    "suspicious": SuspiciousOperation("secret reason"),
    "bug": RuntimeError("secret reason"),
}


class Raise(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]

    def post(self, request: Request, name: str) -> Response:
        order = Order(data=request.data)
        order.is_valid(raise_exception=True)
        return Response(order.validated_data)


class Closed(APIView):
    def get(self, request: Request) -> Response:
        return Response({"user": request.user.pk})


def plain(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


urlpatterns = [
    path("api/v1/raise/<name>/", Raise.as_view()),
    path("api/v1/plain/<name>/", plain),
    path("api/v1/closed/", Closed.as_view()),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)


def problem(response: Any) -> tuple[int, str]:
    """The parts that make it a problem document; returns status and code."""
    body = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert body["type"] == "about:blank"
    assert body["status"] == response.status_code
    assert set(body) >= {"title", "detail"}
    assert "secret reason" not in response.content.decode()
    return response.status_code, body["code"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("raise/taken/", (409, "slot_taken")),
        ("raise/missing/", (404, "not_found")),
        ("raise/forbidden/", (403, "permission_denied")),
        ("raise/suspicious/", (400, "malformed")),
        ("raise/bug/", (500, "server_error")),
        ("plain/missing/", (404, "not_found")),
        ("plain/forbidden/", (403, "permission_denied")),
        ("plain/suspicious/", (400, "malformed")),
        ("plain/bug/", (500, "server_error")),
        ("nothing/here/", (404, "not_found")),
        ("closed/", (401, "not_authenticated")),
    ],
)
def test_an_error_is_a_problem_document(client: Client, address: str, expected: tuple[int, str]) -> None:
    assert problem(client.get(f"/api/v1/{address}")) == expected


def test_an_unknown_address_is_a_problem_in_debug_mode_too(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert problem(client.get("/api/v2/booking/")) == (404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_unknown_address_is_not_found_whatever_is_done_to_it(method: str) -> None:
    app = Client(enforce_csrf_checks=True)
    assert problem(getattr(app, method)("/api/v1/booking")) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "expected"), [(b"{", (400, "malformed")), (b"x" * 70_000, (413, "too_large"))]
)
def test_what_allauth_cannot_read_is_a_problem_too(
    client: Client, body: bytes, expected: tuple[int, str]
) -> None:
    response = client.post("/api/v1/accounts/app/v1/auth/login", body, "application/json")
    assert problem(response) == expected
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_method_that_a_page_of_allauth_does_not_know_is_a_problem_too(client: Client) -> None:
    response = client.put("/api/v1/accounts/openapi.json")
    assert problem(response) == (405, "method_not_allowed")
    assert "GET" in response["Allow"]


def test_an_unknown_page_elsewhere_is_no_problem_document(client: Client) -> None:
    response = client.get("/nothing/")
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_domain_error_brings_its_own_members_and_when_to_try_again(client: Client) -> None:
    response = client.get("/api/v1/raise/away/")
    assert problem(response) == (503, "stripe_unavailable")
    assert response["Retry-After"] == "5"
    assert response.json()["quote"] == {"a": 1}


def test_fields_at_fault_are_named_with_dots(client: Client) -> None:
    response = client.post("/api/v1/raise/x/", {"lines": [{"amount": 1}, {}]}, "application/json")
    assert problem(response) == (400, "invalid")
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [
        ("name", "required"),
        ("lines.1.amount", "required"),
    ]


def test_input_that_is_no_object_is_at_fault_as_a_whole(client: Client) -> None:
    response = client.post("/api/v1/raise/x/", [1], "application/json")
    assert problem(response) == (400, "invalid")
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [("", "invalid")]


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"name": NaN}', b"[" * 60_000, b"1" * 5_000, b'{"name": "x"} trailing'],
)
def test_a_body_that_is_no_json_is_malformed(client: Client, body: bytes) -> None:
    assert problem(client.post("/api/v1/raise/x/", body, "application/json")) == (400, "malformed")


def test_a_claimed_charset_changes_nothing(client: Client) -> None:
    body = '{"name": "é", "lines": []}'.encode()
    for charset in ("utf-16", "rot13", "no-such-charset"):
        response = client.generic("POST", "/api/v1/raise/x/", body, f"application/json; charset={charset}")
        assert response.json() == {"name": "é", "lines": []}


def test_a_body_that_is_too_large_is_refused_unread(client: Client, settings: Settings) -> None:
    body = b'{"name": "' + b"x" * settings.API_MAX_BYTES + b'"}'
    assert problem(client.post("/api/v1/raise/x/", body, "application/json")) == (413, "too_large")


def test_other_content_types_and_methods_are_refused(client: Client) -> None:
    assert problem(client.post("/api/v1/raise/x/", {"name": "x"})) == (415, "unsupported_media_type")
    response = client.delete("/api/v1/raise/x/")
    assert problem(response) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("token", ["x", "Ü", "a b", "0" * 64, "0" * 1000, "\x00"])
def test_a_token_that_is_none_of_ours_is_401(client: Client, token: str) -> None:
    response = client.get("/api/v1/closed/", headers={"Authorization": f"Token {token}"})
    assert problem(response) == (401, "invalid_token")
    assert response["WWW-Authenticate"] == "Token"


def test_a_session_is_good_for_reading_too(client: Client) -> None:
    user = User.objects.create_user("ada")
    client.force_login(user)
    assert client.get("/api/v1/closed/").json() == {"user": user.pk}

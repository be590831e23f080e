import json
import os
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADDRESSES = {
    "/api/v1/auth/token/",
    "/api/v1/auth/logout/",
    "/api/v1/auth/logout-all/",
    "/api/v1/service/",
    "/api/v1/booking/",
    "/api/v1/booking/{reference}/",
    "/api/v1/booking/{reference}/cancel/",
    "/api/v1/payment/",
    "/api/v1/payment/refund-status/",
}


@pytest.fixture
def schema(client: Client) -> dict[str, Any]:
    response = client.get("/api/v1/schema/?format=json")
    assert response.status_code == 200
    return dict(json.loads(response.content))


def test_the_schema_is_openapi_3_1_and_has_the_contracts_addresses(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1.")
    assert set(schema["paths"]) >= ADDRESSES


def test_the_schema_is_made_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)


def test_every_operation_answers_errors_as_problems_and_says_how_to_sign_in(schema: dict[str, Any]) -> None:
    for address, operations in schema["paths"].items():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            open_to_all = address == "/api/v1/auth/token/"
            assert operation["security"] == [{}] if open_to_all else {"token": []} in operation["security"]


def test_the_page_loads_nothing_from_outside(client: Client) -> None:
    html = client.get("/api/v1/docs/").content.decode()
    assert re.findall(r"""(?:src|href)=["'](?!/static/|\?)([^"']+)""", html) == []
    for address in re.findall(r"""(?:src|href)=["'](/static/[^"']+)""", html):
        file = client.get(address)
        assert file.status_code == 200
        file.close()

"""While the database is away everybody is told when to come back, whatever they asked for."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("address", ["/api/v1/business/", "/admin/login/", "/b/BK-AAAA/?k=x"])
def test_every_page_says_when_to_come_back(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("secret host name")

    client = Client(raise_request_exception=False, headers={"accept-language": "de"})
    monkeypatch.setattr(connection, "cursor", away)
    response = client.get(address)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "secret" not in response.text
    if address.startswith("/api/"):
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "unavailable"
        assert response.json()["detail"].startswith("Unsere Daten")

"""What a request may bring: refused before it is read, wherever it is sent to."""

import pytest
from django.test import Client

from backoffice.tests.desk_world import person, signed_in
from config import limits

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LARGE = b"x" * (limits.LARGEST + 1)
FORM = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    "address", ["/", "/healthz", "/admin/login/", "/api/v1/auth/token/", "/api/v1/booking/", "/nowhere"]
)
@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain"])
def test_a_large_body_is_refused_at_every_address(client: Client, address: str, kind: str) -> None:
    response = client.post(address, LARGE, kind)
    assert response.status_code == 413
    if address.startswith("/api/"):
        assert response.json()["code"] == "too_large"


def test_staff_at_their_desk_may_bring_a_file_but_no_customer_may() -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n" + LARGE + b"\r\n--x--\r\n"
    staff = signed_in(person("viewer"))
    assert staff.post("/admin/", body, FORM).status_code != 413
    assert staff.post("/api/v1/booking/", body, FORM).status_code == 413
    assert staff.post("/admin/", b"x" * (limits.LARGEST_UPLOAD + 1), FORM).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1" * 400, "\uff11\uff12"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    assert client.post("/api/v1/booking/", b"{}", "application/json", CONTENT_LENGTH=length).status_code < 500

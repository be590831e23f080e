import json
import time
from logging.config import dictConfig

import pytest
import structlog
from django.test import Client
from pytest_django import Settings

from config import logs


@pytest.fixture
def behind_a_proxy(settings: Settings) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_proxys_request_id_is_kept(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "edge-7f3a.21"})
    assert response["X-Request-ID"] == "edge-7f3a.21"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "new\nline-and-more", '{"json": "injected"}'])
def test_a_request_id_that_is_not_sane_is_replaced(client: Client, given: str) -> None:
    made = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert made != given
    assert len(made) == 32


def test_a_clients_own_request_id_is_replaced(client: Client) -> None:
    made = client.get("/healthz", headers={"X-Request-ID": "ada-lovelace-1815"})["X-Request-ID"]
    assert (made == "ada-lovelace-1815", len(made)) == (False, 32)


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_request_id_is_on_every_log_line_and_secrets_are_on_none(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    dictConfig(logs.configure(level="INFO", pretty=False))
    client.get("/api/nothing/", headers={"X-Request-ID": "edge-7f3a.21"})
    structlog.get_logger("payments").warning("payment.sheet", client_secret="pi_1_secret_2", booking="BK-1")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["request_id"] for line in lines] == ["edge-7f3a.21"] * 2
    assert lines[1]["client_secret"] == "[dropped]"
    assert lines[1]["booking"] == "BK-1"


@pytest.mark.parametrize("pretty", [True, False])
def test_a_traceback_tells_where_and_never_with_what(
    pretty: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    dictConfig(logs.configure(level="INFO", pretty=pretty))
    address = "ada@" + "example.com"
    try:
        int(address[:0])
    except ValueError:
        structlog.get_logger("payments").exception("webhook.failed")
    line = capsys.readouterr().err
    assert "ValueError" in line
    assert "ada@example.com" not in line


@pytest.mark.parametrize("pretty", [True, False])
@pytest.mark.parametrize("telltale", ["ada@example.com", "whsec_abcdef123", "sk_live_51Hx", "pi_3_secret_9x"])
def test_what_tells_on_people_or_opens_doors_is_cut_out(
    pretty: bool, telltale: str, capsys: pytest.CaptureFixture[str]
) -> None:
    dictConfig(logs.configure(level="INFO", pretty=pretty))
    try:
        raise ValueError(f"Key (email)=({telltale}) already exists.")
    except ValueError:
        structlog.get_logger("payments").exception("webhook.failed", intent="pi_3", why=f"<{telltale}>")
    line = capsys.readouterr().err
    assert telltale not in line
    assert "pi_3" in line


@pytest.mark.django_db
def test_pages_load_from_here_only_and_data_loads_nothing(client: Client) -> None:
    page = client.get("/admin/login/")["Content-Security-Policy"]
    assert page.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in page
    data = client.get("/healthz")["Content-Security-Policy"]
    assert data == "default-src 'none'; frame-ancestors 'none'"


def logged(capsys: pytest.CaptureFixture[str], **values: object) -> dict[str, object]:
    """What a line of the log says, made as in production."""
    dictConfig(logs.configure(level="INFO", pretty=False))
    structlog.get_logger("payments").warning("odd", **values)
    return dict(json.loads(capsys.readouterr().err))


@pytest.mark.parametrize(
    "text",
    [
        "line\nada@example.com",
        'she said "ada@example.com"',
        "tab\tada@example.com\\",
        "ädä@exämple.com",
        "用户@例子.公司",
        "o'hara@example.com, ada@sub.example.co.uk",
    ],
)
def test_a_line_stays_json_whatever_is_cut_out_of_it(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, why=text, nested={"list": [text, {"deeper": (text,)}]})
    assert line["event"] == "odd"
    assert "@" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(
    "letters", ["a", "a.", "a@", "@", "a_secret_", "_secret", "_", "a@a.", "sk_", "\u00e4", "a-@"]
)
def test_no_text_takes_the_log_filter_long(letters: str) -> None:
    text = letters * (200_000 // len(letters))
    began = time.process_time()
    logs.without_telltales(text)
    assert time.process_time() - began < 0.25


def test_a_text_without_end_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(str(logged(capsys, why="x" * 100_000)["why"])) < 10_000

"""The real settings module, read afresh for each environment that an operator might give it."""

import os
import runpy
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

pytestmark = pytest.mark.once

SETTINGS = Path(__file__).resolve().parents[1] / "settings.py"
GOOD = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF",
    "ALLOWED_HOSTS": "bookings.example.com",
}


@pytest.fixture(autouse=True)
def _logging_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the settings sets structlog up; these tests must not change it for others."""
    monkeypatch.setattr("structlog.configure", lambda **_: None)


def read(**values: str) -> dict[str, Any]:
    with mock.patch.dict(os.environ, {"PYTHON_DOTENV_DISABLED": "true", **values}, clear=True):
        return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must be"),
        ({**GOOD, "SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "SECRET_KEY must be"),
        ({**GOOD, "ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS must name"),
        ({**GOOD, "DEBUG": "perhaps"}, "DEBUG must be true or false"),
        ({**GOOD, "REFUND_NOTICE_HOURS": "-1"}, "REFUND_NOTICE_HOURS must be a whole number from 0"),
        ({**GOOD, "BOOKING_HOLD_MINUTES": "0"}, "BOOKING_HOLD_MINUTES must be a whole number from 1"),
        ({**GOOD, "STRIPE_PACE": "fast"}, "STRIPE_PACE must be a whole number"),
        ({**GOOD, "STRIPE_API_BASE": "http://stripe.example.com"}, "(loopback)"),
        ({**GOOD, "STRIPE_API_BASE": "ftp://127.0.0.1"}, "(loopback)"),
        (
            {**GOOD, "STRIPE_API_BASE": "http://127.0.0.1:12111", "STRIPE_SECRET_KEY": "sk_live_1"},
            "refused with a live",
        ),
        ({**GOOD, "DATABASE_URL": "mysql://localhost/x"}, "must name sqlite or postgres"),
        ({**GOOD, "DATABASE_URL": "rubbish"}, "DATABASE_URL can't be read"),
        ({**GOOD, "EMAIL_URL": "pigeon://coop"}, "EMAIL_URL must start with"),
    ],
)
def test_an_unsafe_or_unreadable_value_stops_the_start_with_a_sentence(
    values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**values)
    assert sentence in str(refused.value)


def test_the_defaults_are_safe_and_those_of_the_contract() -> None:
    settings = read(**GOOD)
    assert settings["DEBUG"] is False
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert (settings["STRIPE_LIVEMODE"], settings["STRIPE_PACE"]) == (False, 20)
    assert (settings["REFUND_NOTICE"], settings["BOOKING_HOLD"]) == (
        timedelta(hours=12),
        timedelta(minutes=15),
    )
    assert settings["APPROVAL_THRESHOLD"] is None
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


def test_sqlite_is_the_default_beside_manage_py_and_waits_for_its_turn_to_write() -> None:
    database = read(**GOOD)["DATABASES"]["default"]
    assert database["NAME"] == SETTINGS.parents[1] / "db.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


def test_a_database_in_memory_is_no_file() -> None:
    assert read(**GOOD, DATABASE_URL="sqlite://:memory:")["DATABASES"]["default"]["NAME"] == ":memory:"


def test_postgres_keeps_its_connections_or_has_a_pool() -> None:
    url = "postgres://user:pass@localhost/bookings"
    kept = read(**GOOD, DATABASE_URL=url)["DATABASES"]["default"]
    assert (kept["ENGINE"], kept["CONN_MAX_AGE"]) == ("django.db.backends.postgresql", 60)
    pooled = read(**GOOD, DATABASE_URL=url, DATABASE_POOL_SIZE="8")["DATABASES"]["default"]
    assert pooled["CONN_MAX_AGE"] == 0
    assert pooled["OPTIONS"]["pool"]["max_size"] == 8


def test_a_live_key_is_recognised_and_has_the_wider_pace() -> None:
    settings = read(**GOOD, STRIPE_SECRET_KEY="rk_live_1")
    assert (settings["STRIPE_LIVEMODE"], settings["STRIPE_PACE"], settings["STRIPE_REFUND_PACE"]) == (
        True,
        80,
        20,
    )


def test_a_lower_pace_leaves_the_pace_of_refunds_as_it_was() -> None:
    settings = read(**GOOD, STRIPE_SECRET_KEY="rk_live_1", STRIPE_PACE="50")
    assert (settings["STRIPE_PACE"], settings["STRIPE_REFUND_PACE"]) == (50, 20)


def test_several_webhook_secrets_are_good_while_one_is_rolled() -> None:
    settings = read(**GOOD, STRIPE_WEBHOOK_SECRET="whsec_old, whsec_new,")
    assert settings["STRIPE_WEBHOOK_SECRETS"] == ["whsec_old", "whsec_new"]


def test_mail_goes_where_the_url_says() -> None:
    settings = read(**GOOD, EMAIL_URL="smtp+tls://me:p%40ss@mail.example.com")
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example.com", 587)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("me", "p@ss")
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (True, False)


def test_a_proxys_word_on_tls_is_believed_only_if_it_is_named() -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in read(**GOOD)
    settings = read(**GOOD, SECURE_PROXY_SSL_HEADER="X-Forwarded-Proto")
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_debug_starts_with_nothing_set() -> None:
    assert read(DEBUG="true")["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_djangos_own_check_of_a_deployment_finds_nothing() -> None:
    environment = {"PYTHON_DOTENV_DISABLED": "true", **GOOD}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_of_several_database_hosts_the_primary_is_looked_for() -> None:
    url = "postgres://us%40er:p%40ss@first:5433,[::1],third/bookings"
    database = read(**GOOD, DATABASE_URL=url)["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"]) == ("first,::1,third", "5433,5432,5432")
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("us@er", "p@ss", "bookings")
    assert database["OPTIONS"]["target_session_attrs"] == "read-write"
    told = read(**GOOD, DATABASE_URL=f"{url}?target_session_attrs=any")["DATABASES"]["default"]
    assert told["OPTIONS"]["target_session_attrs"] == "any"


def test_a_replica_is_never_written_to() -> None:
    settings = read(**GOOD, DATABASE_REPLICA_URL="postgres://reader@standby/bookings")
    replica = settings["DATABASES"]["replica"]
    assert replica["OPTIONS"]["options"] == "-c default_transaction_read_only=on"
    assert settings["DATABASE_ROUTERS"] == ["core.storage.replica.Router"]
    assert "replica" not in read(**GOOD)["DATABASES"]

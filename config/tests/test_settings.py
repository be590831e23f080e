"""The real settings module, started in a process of its own as an operator would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF",
    "ALLOWED_HOSTS": "bookings.example.com",
}
SHOW = """
import json
from django.conf import settings
names = "DEBUG STRIPE_LIVEMODE STRIPE_PACE STRIPE_WEBHOOK_SECRETS EMAIL_HOST EMAIL_PORT EMAIL_USE_TLS".split()
shown = {name: getattr(settings, name) for name in names}
shown["notice"], shown["hold"] = settings.REFUND_NOTICE.total_seconds(), settings.BOOKING_HOLD.total_seconds()
shown["engine"] = settings.DATABASES["default"]["ENGINE"]
print(json.dumps(shown))
"""


def start(**values: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHON_DOTENV_DISABLED": "true", "DJANGO_SETTINGS_MODULE": "config.settings", **values}
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


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
    started = start(**values)
    assert started.returncode != 0
    last_line = started.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in last_line


def shown(**values: str) -> dict[str, object]:
    started = start(**GOOD, **values)
    assert started.returncode == 0, started.stderr
    return dict(json.loads(started.stdout))


def test_the_defaults_are_safe_and_those_of_the_contract() -> None:
    assert shown() == {
        "DEBUG": False,
        "STRIPE_LIVEMODE": False,
        "STRIPE_PACE": 20,
        "STRIPE_WEBHOOK_SECRETS": [],
        "EMAIL_HOST": "localhost",
        "EMAIL_PORT": 25,
        "EMAIL_USE_TLS": False,
        "notice": 12 * 3600,
        "hold": 15 * 60,
        "engine": "django.db.backends.sqlite3",
    }


def test_a_live_key_is_recognised_and_has_the_wider_pace() -> None:
    settings = shown(STRIPE_SECRET_KEY="rk_live_1")
    assert (settings["STRIPE_LIVEMODE"], settings["STRIPE_PACE"]) == (True, 80)


def test_several_webhook_secrets_are_good_while_one_is_rolled() -> None:
    assert shown(STRIPE_WEBHOOK_SECRET="whsec_old, whsec_new,")["STRIPE_WEBHOOK_SECRETS"] == [
        "whsec_old",
        "whsec_new",
    ]


def test_mail_goes_where_the_url_says() -> None:
    settings = shown(EMAIL_URL="smtp+tls://me:p%40ss@mail.example.com")
    assert settings["EMAIL_HOST"] == "mail.example.com"
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == (587, True)


def test_a_postgres_url_is_a_postgresql_database() -> None:
    settings = shown(DATABASE_URL="postgres://user:pass@localhost/bookings")
    assert settings["engine"] == "django.db.backends.postgresql"


def test_debug_starts_with_nothing_set() -> None:
    started = start(DEBUG="true")
    assert started.returncode == 0, started.stderr

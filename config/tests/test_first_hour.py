"""The first hour: a setting that is missing is a sentence, and `make run` writes a .env that holds."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from dotenv import dotenv_values

from accounts.models import User
from config import refusals
from demo import first_hour

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
UNSET = {"PATH": os.environ["PATH"], "PYTHON_DOTENV_DISABLED": "true"}
COMMANDS = (
    ["manage.py", "check"],
    ["manage.py", "worker", "--once"],
    ["-m", "gunicorn", "config.wsgi", "-c", "config/gunicorn.py", "--check-config"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=str)
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "SECRET_KEY must be 50 or more random characters"),
        ({"SECRET_KEY": "0123456789" * 6}, "ALLOWED_HOSTS must name this site's host names"),
    ],
    ids=["no key", "no hosts"],
)
def test_a_setting_that_is_missing_is_one_sentence(
    command: list[str], settings: dict[str, str], told: str
) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=UNSET | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_make_run_writes_a_env_of_its_own_and_leaves_one_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_hour, "ENV", tmp_path / ".env")
    first_hour.write_env()
    written = dotenv_values(tmp_path / ".env")
    refusals.check_django(
        debug=False,
        secret_key=str(written["SECRET_KEY"]),
        allowed_hosts=str(written["ALLOWED_HOSTS"]).split(","),
    )
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    first_hour.write_env()
    assert dotenv_values(tmp_path / ".env") == written


@pytest.mark.django_db
def test_signing_in_leads_to_the_admin() -> None:
    User.objects.create_superuser("owner", password="correct horse battery staple")
    client = Client()
    answer = client.post("/admin/login/", {"username": "owner", "password": "correct horse battery staple"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200

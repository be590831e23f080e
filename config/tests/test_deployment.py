"""What can be known of Dockerfile and compose.yaml without running them."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.db import connection

from bookings.models import Business
from config.tests import postgres

ROOT = Path(__file__).resolve().parents[2]


def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text())["services"])


def test_compose_runs_the_site_and_a_worker_after_the_migrations_on_a_healthy_postgres() -> None:
    found = services()
    assert set(found) == {"database", "migrate", "web", "worker"}
    assert found["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("web", "worker"):
        assert found[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert "/readyz" in str(found["web"]["healthcheck"]["test"])


def test_what_runs_our_code_can_write_nowhere_and_gain_no_rights() -> None:
    for name in ("migrate", "web", "worker"):
        service = services()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert "\nUSER 10001\n" in (ROOT / "Dockerfile").read_text()


def test_no_secret_is_written_down_and_none_gets_into_the_image() -> None:
    database = services()["database"]["environment"]
    assert database["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", ".git"} <= set(ignored)


def test_the_site_gets_longer_to_stop_than_it_takes() -> None:
    seconds = int(services()["web"]["stop_grace_period"].removesuffix("s"))
    graceful = (ROOT / "config" / "gunicorn.py").read_text()
    assert seconds > int(graceful.split("graceful_timeout = ")[1].split()[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has a pool")
@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_on_a_pool_of_connections(process_environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "worker", "--once"]
    environment = process_environment | {"DATABASE_POOL_SIZE": "2"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_backup_can_be_opened_and_old_ones_go(tmp_path: Path) -> None:
    database, folder = tmp_path / "db.sqlite3", tmp_path / "backups"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE kept (word TEXT)")
        made.execute("INSERT INTO kept VALUES ('here')")
        made.commit()
    folder.mkdir()
    old = folder / "bookings-20200101T000000Z.sqlite3"
    old.touch()
    os.utime(old, (0, 0))
    command = [str(ROOT / "deploy" / "backup.sh"), str(folder)]
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable}
    backup = environment | {"DATABASE_URL": f"sqlite:///{database}"}
    subprocess.run(command, cwd=ROOT, env=backup, check=True, timeout=60)
    (file,) = folder.iterdir()
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("SELECT word FROM kept").fetchone() == ("here",)
    wrong = subprocess.run(
        command, cwd=ROOT, env=environment | {"DATABASE_URL": "mysql://x"}, check=False, timeout=60
    )
    assert wrong.returncode == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the other kind is tried above")
@pytest.mark.django_db(transaction=True)
def test_a_backup_of_postgresql_can_be_put_back(process_environment: dict[str, str], tmp_path: Path) -> None:
    Business.objects.create(name="Salon Marigold")
    programs = postgres.program("pg_dump").parent
    environment = process_environment | {"PATH": f"{programs}:{os.environ['PATH']}"}
    command = [str(ROOT / "deploy" / "backup.sh"), str(tmp_path / "backups")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    (file,) = (tmp_path / "backups").iterdir()
    name, again = connection.settings_dict["NAME"], f"restored_{os.getpid()}"
    url = environment["DATABASE_URL"].replace(f"/{name}?", f"/{again}?")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {again}")
        try:
            restore = [str(programs / "pg_restore"), f"--dbname={url}", str(file)]
            subprocess.run(restore, check=True, timeout=60)
            with psycopg.connect(url) as restored:
                found = restored.execute("SELECT name FROM bookings_business").fetchone()
        finally:
            cursor.execute(f"DROP DATABASE {again}")
    assert found == ("Salon Marigold",)


def test_the_service_files_run_what_is_there() -> None:
    for name, command in (("bookings", "gunicorn config.wsgi"), ("bookings-worker", "manage.py worker")):
        unit = (ROOT / "deploy" / f"{name}.service").read_text()
        assert command in unit
        assert "NoNewPrivileges=true" in unit
        assert "User=bookings" in unit
    assert "TimeoutStopSec=40" in (ROOT / "deploy" / "bookings.service").read_text()
    told = (ROOT / "docs" / "deployment.md").read_text()
    for name in ("bookings", "bookings-worker", "bookings-backup.timer"):
        assert name in told.split("systemctl enable --now", 1)[1].splitlines()[0]

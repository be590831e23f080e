"""What can be known of Dockerfile and compose.yaml without running them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection

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

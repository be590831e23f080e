"""The database settings: what each engine needs so that money is durable and writers wait in line."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE, POSTGRES = "django.db.backends.sqlite3", "django.db.backends.postgresql"

# IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing as "locked".
# synchronous=FULL: a commit that was answered survives a power cut, also in WAL.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}

# PostgreSQL keeps a statement's plan for each connection: a webhook's eight aren't planned anew each time.
POSTGRES_OPTIONS = {"server_side_binding": True, "prepare_threshold": 5}


def settings_for(url: str, *, base: Path, conn_max_age: int, pool_size: int) -> dict[str, Any]:
    """Django's settings for a database URL, whose own options prevail.

    SQLite files are looked for from `base` on. A pool (PostgreSQL only) takes the place of connections
    kept by each thread.
    """
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL can't be read; see .env.example for its form.") from error
    options: dict[str, Any] = database.get("OPTIONS", {})
    if database["ENGINE"] == SQLITE:
        name = database["NAME"]
        database |= {
            "NAME": name if name == ":memory:" else base / name,
            "OPTIONS": SQLITE_OPTIONS | options,
        }
    elif database["ENGINE"] == POSTGRES:
        pool = {"pool": {"min_size": 1, "max_size": pool_size}} if pool_size else {}
        database |= {
            "CONN_MAX_AGE": 0 if pool_size else conn_max_age,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": POSTGRES_OPTIONS | options | pool,
        }
    else:
        raise ImproperlyConfigured("DATABASE_URL must name sqlite or postgres.")
    return database

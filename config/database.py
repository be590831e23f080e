"""The database settings: what each engine needs so that money is durable and writers wait in line."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
# A machine that fell silent is given up within seconds (milliseconds in tcp_user_timeout).
POSTGRES_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 5,
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
# Of several hosts only the primary will do.
SEVERAL_HOSTS = {"target_session_attrs": "read-write"}
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:]+\]|[^:\[\],]+)(?::(?P<port>\d+))?")


def settings_for(url: str, *, base: Path, conn_max_age: int, pool_size: int) -> dict[str, Any]:
    """Django's settings for a database URL, whose own options prevail.

    SQLite files are looked for from `base` on. A pool (PostgreSQL only) takes the place of connections
    kept by each thread.
    """
    try:
        database = _parse(url)
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
        several = SEVERAL_HOSTS if "," in f"{database['HOST']}{options.get('host', '')}" else {}
        database |= {
            "CONN_MAX_AGE": 0 if pool_size else conn_max_age,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": POSTGRES_OPTIONS | several | options | pool,
        }
    else:
        raise ImproperlyConfigured("DATABASE_URL must name sqlite or postgres.")
    return database


def replica_settings_for(url: str, *, base: Path, conn_max_age: int) -> dict[str, Any]:
    """The same for a replica: nothing is ever written through it, and any of several hosts will do."""
    database = settings_for(url, base=base, conn_max_age=conn_max_age, pool_size=0)
    if database["ENGINE"] != POSTGRES:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL must name postgres.")
    said = {"target_session_attrs": "prefer-standby", "options": "-c default_transaction_read_only=on"}
    database["OPTIONS"] |= {name: value for name, value in said.items() if f"{name}=" not in url}
    return database | {"TEST": {"MIRROR": "default"}}


def _parse(url: str) -> dict[str, Any]:
    """What dj_database_url reads; of several hosts (`h1:5432,h2:5432`) it knows no ports."""
    place = urlsplit(url).netloc.rpartition("@")[2]
    if "," not in place:
        return dict(dj_database_url.parse(url))
    hosts = [HOST.fullmatch(part) for part in place.split(",")]
    if None in hosts:
        raise ValueError("not a list of hosts")
    named = [(host["name"].strip("[]"), host["port"] or "5432") for host in hosts if host]
    database = dict(dj_database_url.parse(url.replace(place, "several", 1)))
    names, ports = zip(*named, strict=True)
    return database | {"HOST": ",".join(names), "PORT": ",".join(ports)}

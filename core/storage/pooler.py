"""A pooler between us and PostgreSQL (PgBouncer) may lend another session for each transaction.

What needs a session of its own is given up when one is noticed: kept plans, LISTEN (core/work/worker.py) and
cursors that outlive their transaction. Session settings are never relied on, and no advisory lock is taken.
"""

import uuid
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq

# Django's own setting for it: such cursors are then not asked for.
POOLED = "DISABLE_SERVER_SIDE_CURSORS"


def notice(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Look at a new connection, before its first use (Django's signal connection_created)."""
    if connection.vendor != "postgresql":
        return
    raw: Any = connection.connection
    # A pooler makes up the number that it tells its clients.
    if raw.execute("SELECT pg_backend_pid()").fetchone()[0] == raw.info.backend_pid:
        return
    connection.settings_dict[POOLED] = True
    if raw.prepare_threshold is not None and not _keeps_plans(raw):
        raw.prepare_threshold = None


def is_between(connection: Any) -> bool:
    """Whether what one transaction does to its session may be gone in the next."""
    return bool(connection.settings_dict.get(POOLED))


def _keeps_plans(raw: Any) -> bool:
    """Whether the pooler looks after plans: then it gives them names of its own (PgBouncer 1.21)."""
    name = f"probe_{uuid.uuid4().hex}"
    with raw.transaction():
        prepared = raw.pgconn.prepare(name.encode(), f"SELECT '{name}'".encode())
        if prepared.status != pq.ExecStatus.COMMAND_OK:
            return False
        known = raw.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name], prepare=False
        )
        if is_ours := known.fetchone()[0] == 1:
            raw.execute(f"DEALLOCATE {name}")
    return not is_ours

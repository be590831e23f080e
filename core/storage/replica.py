"""A replica for what may be some seconds old: lists as CSV files. Everything else asks the primary.

How far it is behind is told by the workers' pulse as it arrived there, so all that can be in the way counts.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connections, transaction
from django.db.utils import DEFAULT_DB_ALIAS

from core.work import heartbeat

log = structlog.get_logger()
REPLICA = "replica"


def alias(now: datetime) -> str:
    """Where to read from: the replica, unless it is too far behind, away, or this is part of a change."""
    if not is_set_up() or not transaction.get_autocommit():
        return DEFAULT_DB_ALIAS
    behind = lag(now)
    return REPLICA if behind is not None and behind <= settings.REPLICA_LAG else DEFAULT_DB_ALIAS


def is_set_up() -> bool:
    return REPLICA in connections.settings


def lag(now: datetime) -> timedelta | None:
    """How old the newest news there is; None while it can't be told."""
    try:
        seen = heartbeat.last_seen(REPLICA)
    except Error as error:
        log.warning("replica.away", error=type(error).__name__)
        connections[REPLICA].close()
        return None
    return None if seen is None else max(now - seen, timedelta())


class Router:
    """Nothing goes to the replica by itself, least of all a write or a migration."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS

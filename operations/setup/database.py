"""The database: reachable, migrated, guarded by its triggers, and durable."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from core.storage import pooler
from operations.setup.result import Result, failed, ok

APPEND_ONLY = (
    "bookings_auditentry",
    "payments_balanceline",
    "payments_closedmonth",
    "payments_payout",
    "payments_paymenttransaction",
)
WITHIN_PAYMENT = ("refund_within_payment_new", "refund_within_payment_again")
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    # A session in the role of a replica passes most of them by.
    "postgresql": """SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('A',
        CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END)""",
}
OLDEST_POSTGRESQL = 14_00_00


def reachable(now: datetime) -> Iterator[Result]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        kind = type(error).__name__
        yield failed("database", f"can't be reached ({kind})", "Check DATABASE_URL and that it runs.")
    else:
        behind = ", behind a pooler" if pooler.is_between(connection) else ""
        yield ok("database", f"{connection.vendor}{behind}")


def migrations(now: datetime) -> Iterator[Result]:
    if waiting := waiting_migrations():
        yield failed("migrations", f"{waiting} are not applied", "Run `manage.py migrate`.")
    else:
        yield ok("migrations", "all applied")


def waiting_migrations() -> int:
    """How many migrations are not applied. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_read_only() -> bool:
    """Whether nothing can be written: a replica, or a primary that somebody closed. Raises DatabaseError."""
    return connection.vendor == "postgresql" and _value("SHOW transaction_read_only") == "on"


def triggers(now: datetime) -> Iterator[Result]:
    """The trail and the statement can't be edited, and refunds can't exceed their payment."""
    missing = sorted(_needed_triggers() - _present_triggers())
    if missing:
        yield failed(
            "triggers",
            f"missing or off: {', '.join(missing)}",
            "Somebody removed them: restore a backup or apply the migrations to an empty database.",
        )
    else:
        yield ok("triggers", "trail and statement are append-only, refunds stay within the payment")


def _needed_triggers() -> set[str]:
    is_postgresql = connection.vendor == "postgresql"
    endings = ("append_only", "no_truncate") if is_postgresql else ("no_update", "no_delete")
    return {*WITHIN_PAYMENT, *(f"{table}_{ending}" for table in APPEND_ONLY for ending in endings)}


def _present_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return {str(name) for (name,) in cursor.fetchall()}


def durability(now: datetime) -> Iterator[Result]:
    """A commit that was answered survives a power cut, and writers wait in line."""
    wrong = _wrong_on_sqlite() if connection.vendor == "sqlite" else _wrong_on_postgresql()
    if settings.DATABASES["default"].get("ATOMIC_REQUESTS"):
        wrong.append("ATOMIC_REQUESTS is on")
    if wrong:
        yield failed("transactions", "; ".join(wrong), "Remove what DATABASE_URL or settings.py override.")
    else:
        yield ok("transactions", "durable, one writer after the other")


def _wrong_on_sqlite() -> list[str]:
    mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
    wrong = [] if mode == "IMMEDIATE" else [f"transaction_mode is {mode}, not IMMEDIATE"]
    if (journal := _value("PRAGMA journal_mode")) != "wal":
        wrong.append(f"journal_mode is {journal}, not WAL")
    if (synchronous := _value("PRAGMA synchronous")) not in (2, 3):
        wrong.append(f"synchronous is {synchronous}, not FULL")
    return wrong


def _wrong_on_postgresql() -> list[str]:
    wrong = ["it can only be read"] if is_read_only() else []
    if int(str(_value("SHOW server_version_num"))) < OLDEST_POSTGRESQL:
        wrong.append("PostgreSQL is older than 14")
    if (level := _value("SHOW transaction_isolation")) != "read committed":
        wrong.append(f"isolation is {level}, not read committed")
    if _value("SHOW synchronous_commit") == "off":
        wrong.append("synchronous_commit is off")
    return wrong


def _value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None

"""Emptying the database after a test that commits, though its triggers refuse to delete the books."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

BUT = {"core_mark": " WHERE name <> 'site'"}
KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def empty(_case: object = None) -> None:
    """Delete all rows but those that come with the migrations, and what triggers made of them.

    In place of Django's flush, which makes content types and permissions anew each time (most of its cost)
    and is refused by our triggers.
    """
    tables = connection.introspection.django_table_names(include_views=False)
    emptied = [table for table in tables if table not in KEPT] + _virtual_tables()
    deletes = [f'DELETE FROM "{table}"{BUT.get(table, "")}' for table in emptied]
    if connection.vendor == "postgresql":
        # In one transaction: behind a pooler the next one may have another session.
        _execute(["SET LOCAL session_replication_role = replica", *deletes])
        return
    with connection.constraint_checks_disabled(), without_triggers():
        _execute(deletes)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Put the database's triggers aside for a moment; for tests that tamper, too."""
    if connection.vendor == "postgresql":
        aside, back = ["SET session_replication_role = replica"], ["SET session_replication_role = DEFAULT"]
    else:
        rows = _rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        aside, back = [f'DROP TRIGGER "{name}"' for name, _ in rows], [sql for _, sql in rows]
    _execute(aside)
    try:
        yield
    finally:
        _execute(back)


def _virtual_tables() -> list[str]:
    """SQLite's tables for searching: the triggers that empty them are put aside."""
    if connection.vendor != "sqlite":
        return []
    return [
        name for name, _ in _rows("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL %'")
    ]


def _rows(query: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _execute(statements: Iterable[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

"""Emptying the database after a test that commits, though its triggers refuse to delete the books."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

Flush = Callable[[Any, Iterable[str]], None]


def past_the_triggers(flush: Flush) -> Flush:
    """Wrap the method `execute_sql_flush` of a database: nothing else may get past the triggers."""

    def execute(operations: Any, statements: Iterable[str]) -> None:
        with without_triggers():
            flush(operations, statements)

    return execute


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


def _rows(query: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _execute(statements: Iterable[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

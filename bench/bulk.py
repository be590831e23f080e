"""Write many rows fast: COPY on PostgreSQL, executemany on SQLite; only the database itself checks them."""

import json
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

Row = dict[str, Any]

POSTGRES: dict[type, Callable[[Any], Any]] = {dict: json.dumps}
SQLITE: dict[type, Callable[[Any], Any]] = {
    dict: json.dumps,
    uuid.UUID: lambda value: value.hex,
    datetime: lambda value: value.replace(tzinfo=None).isoformat(sep=" "),
    timedelta: lambda value: value // timedelta(microseconds=1),
    bool: int,
}


def insert(model: type[Model], rows: Iterable[Row]) -> None:
    """Insert rows that all name the same columns; the others get the model's defaults."""
    rows = list(rows)
    if not rows:
        return
    rest = {
        str(field.column): field.get_default()
        for field in model._meta.concrete_fields
        if field.has_default() and field.column not in rows[0]
    }
    rows = [row | rest for row in rows]
    columns = ", ".join(f'"{name}"' for name in rows[0])
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(_adapted(row, POSTGRES))
        else:
            marks = ", ".join(["%s"] * len(rows[0]))
            values = [_adapted(row, SQLITE) for row in rows]
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', values)  # noqa: S608


def _adapted(row: Row, adapters: dict[type, Callable[[Any], Any]]) -> list[Any]:
    return [adapters[type(value)](value) if type(value) in adapters else value for value in row.values()]


def mend_sequences(models: list[type[Model]]) -> None:
    """Let the next row get an id above those that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def analyze() -> None:
    """Let the database look at its new tables, as autovacuum would in a while: it plans by what it knows."""
    can_vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if can_vacuum else "ANALYZE")

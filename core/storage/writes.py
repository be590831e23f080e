"""Several writes in one statement, where the database can do that.

On PostgreSQL an exchange costs more than what most statements do in it. SQLite is in the same process.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model

from core.storage import rows


@dataclass(frozen=True)
class Insert:
    """Rows of one model; those that a unique constraint refuses are left out if asked."""

    rows: Sequence[Model]
    skip_existing: bool = False


@dataclass(frozen=True)
class Change:
    """Set `fields` on the rows that are as `seen`."""

    model: type[Model]
    seen: dict[str, Any]
    fields: dict[str, Any]


def together(inserts: Sequence[Insert], change: Change) -> int:
    """Do all of it; returns how many rows were changed. The rows don't learn their keys."""
    inserts = [insert for insert in inserts if insert.rows]
    if connection.vendor != "postgresql" or not inserts:
        for insert in inserts:
            rows.insert(insert.rows, skip_existing=insert.skip_existing)
        return rows.change(change.model, change.seen, change.fields)
    update, values = rows.change_statement(change.model, change.seen, change.fields)
    parts = [f"part{n} AS ({_insert(type(one.rows[0]), one.skip_existing)})" for n, one in enumerate(inserts)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {update}", [*(_json(one.rows) for one in inserts), *values])
        return int(cursor.rowcount)


@lru_cache
def _insert(model: type[Model], skip_existing: bool) -> str:
    """The same text for any number of rows, so that the database keeps its plan."""
    fields = [(field.column, field.db_type(connection)) for field in _fields(model)]
    columns = ", ".join(f'"{column}"' for column, _ in fields)
    typed = ", ".join(f'"{column}" {kind}' for column, kind in fields)
    skip = " ON CONFLICT DO NOTHING" if skip_existing else ""
    table = model._meta.db_table
    # Names come from models, never from a request.
    return (
        f'INSERT INTO "{table}" ({columns}) SELECT {columns}'  # noqa: S608
        f" FROM jsonb_to_recordset(%s::jsonb) AS given({typed}){skip}"
    )


def _json(many: Sequence[Model]) -> str:
    fields = _fields(type(many[0]))
    # Times and UUIDs as text, which PostgreSQL reads as what the column is.
    return json.dumps(
        [{field.column: getattr(row, field.attname) for field in fields} for row in many], default=str
    )


@lru_cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]

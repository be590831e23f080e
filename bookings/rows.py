"""Read, insert and compare-and-set, as the ORM does them but without building each statement anew.

Building took most of a webhook's time (docs/performance.md). Values are adapted by each model's own fields,
constraints and triggers are the database's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, Field, Model

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Where:
    """A condition in SQL, and the values of its placeholders as the database takes them."""

    condition: str
    values: Sequence[Any]


def insert(rows: Sequence[Model], *, skip_existing: bool = False) -> int:
    """Insert rows of one model in one statement and fill in their keys; returns how many went in.

    With `skip_existing` a row that a unique constraint refuses is left out instead of raising IntegrityError.
    """
    fields, head = _insert_head(type(rows[0]))
    group = f"({', '.join(['%s'] * len(fields))})"
    skip = " ON CONFLICT DO NOTHING" if skip_existing else ""
    key = rows[0]._meta.pk
    sql = f'{head} {", ".join([group] * len(rows))}{skip} RETURNING "{key.column}"'
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = [key.to_python(returned) for (returned,) in cursor.fetchall()]
    if len(keys) == len(rows):
        for row, value in zip(rows, keys, strict=True):
            row.pk = value
            row._state.adding = False
    return len(keys)


def change(model: type[Model], seen: dict[str, Any], fields: dict[str, Any]) -> int:
    """Set `fields` on the rows that are as `seen`; returns how many were."""
    sql, order = _update(model, tuple(seen), tuple(fields))
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(order, [*fields.values(), *seen.values()], strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@lru_cache
def _insert_head(model: type[Model]) -> tuple[list["Field[Any, Any]"], str]:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return fields, f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES'


@lru_cache
def _update(
    model: type[Model], seen: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[str, list["Field[Any, Any]"]]:
    order: list[Any] = [
        model._meta.pk if name == "pk" else model._meta.get_field(name) for name in (*fields, *seen)
    ]
    columns = [f'"{field.column}" = %s' for field in order]
    changes, conditions = ", ".join(columns[: len(fields)]), " AND ".join(columns[len(fields) :])
    # Names come from models, never from a request.
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE {conditions}', order  # noqa: S608


def read(model: type[Row], where: Where, *, lock: bool = False, also: str = "") -> list[Row]:
    """Read the rows of an SQL condition, locked against writers if asked (SQLite's writers wait anyway).

    `also` is a column more, `… AS name`: an attribute of each row.
    """
    locking = " FOR NO KEY UPDATE" if lock and connection.features.has_select_for_no_key_update else ""
    columns = f"*, {also}" if also else "*"
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where.condition}{locking}'  # noqa: S608
    return list(model._default_manager.raw(sql, where.values))

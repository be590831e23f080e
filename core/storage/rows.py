"""Read, insert and compare-and-set, as the ORM does them but without building each statement anew.

Building took most of a webhook's time (docs/performance.md). Values are adapted by each model's own fields,
constraints and triggers are the database's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import AutoField, Field, Model

NOTHING_MORE: Mapping[str, str] = {}
Row = TypeVar("Row", bound=Model)
Converters = list[tuple[int, Callable[..., Any], Any]]


@dataclass(frozen=True)
class Where:
    """A condition in SQL, and the values of its placeholders as the database takes them."""

    condition: str
    values: Sequence[Any]


def insert(rows: Sequence[Model], *, skip_existing: bool = False) -> int:
    """Insert rows of one model in one statement and fill in their keys; returns how many went in.

    With `skip_existing` a row that a unique constraint refuses is left out instead of raising IntegrityError.
    """
    key = rows[0]._meta.pk
    sql, values = insert_statement(rows)
    skip = " ON CONFLICT DO NOTHING" if skip_existing else ""
    with connection.cursor() as cursor:
        cursor.execute(f'{sql}{skip} RETURNING "{key.column}"', values)
        keys = [key.to_python(returned) for (returned,) in cursor.fetchall()]
    if len(keys) == len(rows):
        for row, value in zip(rows, keys, strict=True):
            row.pk = value
            row._state.adding = False
    return len(keys)


def insert_statement(rows: Sequence[Model]) -> tuple[str, list[Any]]:
    """What insert() executes, up to what it returns."""
    fields, head = _insert_head(type(rows[0]))
    group = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    return f"{head} {', '.join([group] * len(rows))}", values


def change(model: type[Model], seen: dict[str, Any], fields: dict[str, Any]) -> int:
    """Set `fields` on the rows that are as `seen`; returns how many were."""
    sql, values = change_statement(model, seen, fields)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def change_statement(
    model: type[Model], seen: dict[str, Any], fields: dict[str, Any]
) -> tuple[str, list[Any]]:
    """What change() executes."""
    sql, order = _update(model, tuple(seen), tuple(fields))
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(order, [*fields.values(), *seen.values()], strict=True)
    ]
    return sql, values


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


def read(
    model: type[Row],
    where: Where,
    *,
    lock: bool = False,
    more: Mapping[str, str] = NOTHING_MORE,
    follow: str = "",
) -> list[Row]:
    """Read the rows of an SQL condition, locked against writers if asked (SQLite's writers wait anyway).

    `more` names SQL expressions whose values each row carries along as attributes; `follow` a foreign key
    whose row comes along.
    """
    select = _select(model, follow, connection.vendor)
    extra = "".join(f', {expression} AS "{name}"' for name, expression in more.items())
    locking = " FOR NO KEY UPDATE" if lock and connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{select.columns}{extra}{select.tables} WHERE {where.condition}{locking}", where.values
        )
        found = cursor.fetchall()
    return [_row(model, select, values, tuple(more), follow) for values in found]


def _row(model: type[Row], select: "_Select", values: Sequence[Any], more: Sequence[str], follow: str) -> Row:
    own = list(values)
    for place, convert, expression in select.converters:
        own[place] = convert(own[place], expression, connection)
    end = len(select.names)
    row = model.from_db(connection.alias, select.names, own[:end])
    if select.followed is not None:
        other, names = select.followed
        theirs = own[end : end + len(names)]
        is_empty = theirs[names.index(other._meta.pk.attname)] is None
        setattr(row, follow, None if is_empty else other.from_db(connection.alias, names, theirs))
        end += len(names)
    for name, value in zip(more, own[end:], strict=True):
        setattr(row, name, value)
    return row


class _Select(NamedTuple):
    """What a SELECT is made of, and how this database's values become the fields'."""

    columns: str
    tables: str
    names: list[str]
    converters: Converters
    followed: tuple[type[Model], list[str]] | None


@lru_cache
def _select(model: type[Model], follow: str, vendor: str) -> _Select:
    table = model._meta.db_table
    fields = [(table, field) for field in model._meta.concrete_fields]
    tables, followed = f' FROM "{table}"', None
    if follow:
        key: Any = model._meta.get_field(follow)
        other = key.related_model._meta
        fields += [(other.db_table, field) for field in other.concrete_fields]
        on = f'"{other.db_table}"."{other.pk.column}" = "{table}"."{key.column}"'
        tables += f' LEFT JOIN "{other.db_table}" ON {on}'
        followed = (other.model, [field.attname for field in other.concrete_fields])
    columns = ", ".join(f'"{owner}"."{field.column}"' for owner, field in fields)
    names = [field.attname for field in model._meta.concrete_fields]
    return _Select(f"SELECT {columns}", tables, names, _converters(fields), followed)


def _converters(fields: "Sequence[tuple[str, Field[Any, Any]]]") -> Converters:
    converters = []
    for place, (owner, field) in enumerate(fields):
        column = field.get_col(owner)
        ways = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        converters += [(place, convert, column) for convert in ways]
    return converters

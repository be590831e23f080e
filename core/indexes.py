"""Indexes that cost more than they give: each write fills them, and nobody looks there."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations


def never_searched_by_prefix(table: str, *columns: str) -> migrations.RunPython:
    """A migration step: these columns lose the second index that Django makes for LIKE on PostgreSQL."""
    return _without(table, columns, suffix="_like", more=" varchar_pattern_ops", vendors=("postgresql",))


def covered_by_another(table: str, *columns: str) -> migrations.RunPython:
    """A migration step: these foreign keys lose their own index, as another one begins with them."""
    return _without(table, columns, suffix="", more="", vendors=("postgresql", "sqlite"))


def _without(
    table: str, columns: tuple[str, ...], *, suffix: str, more: str, vendors: tuple[str, ...]
) -> migrations.RunPython:
    def named(schema_editor: Any) -> Iterator[tuple[str, str]]:
        for column in columns if schema_editor.connection.vendor in vendors else ():
            yield schema_editor._create_index_name(table, [column], suffix=suffix), column

    def drop(apps: Any, schema_editor: Any) -> None:
        for name, _ in named(schema_editor):
            schema_editor.execute(f'DROP INDEX IF EXISTS "{name}"')

    def create(apps: Any, schema_editor: Any) -> None:
        for name, column in named(schema_editor):
            schema_editor.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON {table} ("{column}"{more})')

    return migrations.RunPython(drop, create)

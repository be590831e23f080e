"""Rules that hold in the database itself, whoever writes, on PostgreSQL and on SQLite."""

from collections.abc import Iterable
from typing import Any

from django.db import migrations

REFUSAL = "is append-only"


def append_only(table: str) -> migrations.RunPython:
    """A migration step: UPDATE and DELETE on `table` are refused."""
    postgresql = (
        f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{table} {REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
    )
    sqlite = tuple(
        f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"""
        for verb in ("UPDATE", "DELETE")
    )
    undo_postgresql = (f"DROP FUNCTION {table}_append_only() CASCADE",)
    undo_sqlite = (f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete")
    return per_vendor(
        postgresql=postgresql,
        sqlite=sqlite,
        undo_postgresql=undo_postgresql,
        undo_sqlite=undo_sqlite,
    )


def written_once(table: str, *, fixed: Iterable[str], filled_in: Iterable[str] = ()) -> migrations.RunPython:
    """A migration step: rows stay, `fixed` columns too, and `filled_in` ones once they have a value."""
    lists = fixed, filled_in = tuple(fixed), tuple(filled_in)
    return per_vendor(
        postgresql=(
            f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                IF TG_OP = 'DELETE' OR {_changes("IS DISTINCT FROM", *lists)} THEN
                RAISE EXCEPTION '{table} {REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
                END $$""",
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
        ),
        sqlite=(
            f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {_changes("IS NOT", *lists)}
                BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END""",
            f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END""",
        ),
        undo_postgresql=(f"DROP FUNCTION {table}_append_only() CASCADE",),
        undo_sqlite=(f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"),
    )


def _changes(differs: str, fixed: tuple[str, ...], filled_in: tuple[str, ...]) -> str:
    changed = [f"OLD.{name} {differs} NEW.{name}" for name in fixed]
    again = [f"(OLD.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name})" for name in filled_in]
    return "(" + " OR ".join([*changed, *again]) + ")"


def apart(table: str, owner: str, *, name: str) -> migrations.RunPython:
    """A migration step: no two rows of one `owner` overlap between `starts_at` and `ends_at`.

    Whoever writes them: what would overlap raises IntegrityError with `name` in it.
    """
    postgresql = (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        f"""ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
            ({owner} WITH =, tstzrange(starts_at, ends_at) WITH &&)""",
    )
    # SQLite has no exclusion constraints; its writers wait in line, so that a trigger sees every other row.
    sqlite = tuple(
        f"""CREATE TRIGGER {name}_{verb.lower()} AFTER {verb} ON {table}
            WHEN EXISTS (
                SELECT 1 FROM {table} other WHERE other.{owner} = NEW.{owner} AND other.id <> NEW.id
                AND other.ends_at > NEW.starts_at AND other.starts_at < NEW.ends_at
            )
            BEGIN SELECT RAISE(ABORT, '{name}: the resource is busy then'); END"""  # noqa: S608 - our own names
        for verb in ("INSERT", "UPDATE")
    )
    return per_vendor(
        postgresql=postgresql,
        sqlite=sqlite,
        undo_postgresql=(f"ALTER TABLE {table} DROP CONSTRAINT {name}",),
        undo_sqlite=tuple(f"DROP TRIGGER {name}_{verb}" for verb in ("insert", "update")),
    )


def per_vendor(
    *,
    postgresql: Iterable[str],
    sqlite: Iterable[str],
    undo_postgresql: Iterable[str],
    undo_sqlite: Iterable[str],
) -> migrations.RunPython:
    """A migration step that runs the statements of the database at hand."""

    def runner(statements: dict[str, Iterable[str]]) -> Any:
        def run(apps: Any, schema_editor: Any) -> None:
            for statement in statements[schema_editor.connection.vendor]:
                schema_editor.execute(statement)

        return run

    return migrations.RunPython(
        runner({"postgresql": postgresql, "sqlite": sqlite}),
        runner({"postgresql": undo_postgresql, "sqlite": undo_sqlite}),
    )


def never_emptied(table: str) -> migrations.RunPython:
    """A migration step: TRUNCATE on `table` is refused (SQLite has none)."""
    return per_vendor(
        postgresql=(
            f"""CREATE FUNCTION {table}_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{table} {REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
                END $$""",
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_truncate()""",
        ),
        sqlite=(),
        undo_postgresql=(f"DROP FUNCTION {table}_no_truncate() CASCADE",),
        undo_sqlite=(),
    )

"""Backups as docs/operations.md has them: taken while the system runs, put back while it stands still."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from config.tests import postgres


def take(folder: Path) -> Path:
    """Copy the database; returns the file."""
    if connection.vendor == "postgresql":
        file = folder / "backup.dump"
        _run("pg_dump", "--format=custom", f"--file={file}")
        return file
    file = folder / "backup.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    return file


def put_back(file: Path) -> None:
    """Replace the database by the copy."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "postgresql":
        _run("pg_restore", "--clean", "--if-exists", f"--dbname={name}", str(file))
        return
    for leftover in ("-wal", "-shm"):
        Path(f"{name}{leftover}").unlink(missing_ok=True)
    shutil.copyfile(file, name)


def _run(program: str, *arguments: str) -> None:
    there = connection.settings_dict
    environment = {
        "PGHOST": str(there["HOST"] or there["OPTIONS"].get("host", "")),
        "PGPORT": str(there["PORT"] or 5432),
        "PGUSER": str(there["USER"]),
        "PGPASSWORD": str(there["PASSWORD"]),
        "PGDATABASE": str(there["NAME"]),
    }
    command = [str(postgres.program(program)), *arguments]
    subprocess.run(command, env=os.environ | environment, check=True)

"""A second whole installation in the tests: a database and a mark of its own, and its people."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from config.tests.world import Customer, Postman, customer_named
from core import installation
from payments import gateway
from sandbox.client import Sandbox


@dataclass
class Installation:
    """One of those that share a Stripe account. Each hears of all that happens there."""

    file: Path
    postman: Postman

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """All that is done meanwhile is done by this installation."""
        before = connection.settings_dict["NAME"]
        self._switch_to(str(self.file))
        try:
            yield
        finally:
            self._switch_to(before)

    def _switch_to(self, file: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = file
        installation._made_once.cache_clear()
        gateway.client.cache_clear()

    def customer(self, name: str, sandbox: Sandbox) -> Customer:
        return customer_named(name, sandbox=sandbox, postman=self.postman)


def two(folder: Path, sandbox: Sandbox) -> tuple[Installation, Installation]:
    """This test's, and one whose database is made as this one was, with another mark."""
    here = Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    there = folder / "other.sqlite3"
    shutil.copy(here, there)
    with closing(sqlite3.connect(there)) as other, other:
        other.execute("DELETE FROM core_mark WHERE name <> 'site'")
        other.execute("UPDATE core_mark SET note = ?", [json.dumps({"mark": "another"})])
    return Installation(here, Postman(sandbox)), Installation(there, Postman(sandbox))

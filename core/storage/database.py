"""A database that is away: what that looks like, and how to be rid of a connection that leads nowhere."""

from contextlib import suppress
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_READONLY,
)

from django.db import Error, InterfaceError, OperationalError, connection

# Connection lost; not enough room, memory or connections; shut down or starting; the disk failed.
AWAY = ("08", "53", "57P", "58")
READ_ONLY = "25006"
AWAY_ON_SQLITE = {
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_READONLY,
}


def is_away(error: BaseException | None) -> bool:
    """Whether the same may go well in a while: the database can't be reached, or can't write now.

    A deadlock, a cancelled statement or a missing table is our mistake and stays loud.
    """
    if not isinstance(error, Error):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF in AWAY_ON_SQLITE
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state == READ_ONLY or state.startswith(AWAY)


def drop() -> None:
    """Close this thread's connection for good, also where a pool would lend it again.

    The next one is looked for anew, among all hosts: one to a primary that became a replica still answers.
    """
    if connection.in_atomic_block:
        return
    with suppress(Exception):
        if connection.connection is not None:
            connection.connection.close()
    with suppress(Error):
        connection.close()

"""What tells a database that is away from a mistake of ours."""

import sqlite3

import psycopg.errors
import pytest
from django.db import Error, InternalError, OperationalError, ProgrammingError
from psycopg import errors

from core.storage.database import is_away

pytestmark = pytest.mark.once


def wrapped(outer: type[Error], cause: Exception) -> Error:
    """As Django raises a driver's error."""
    error = outer(str(cause))
    error.__cause__ = cause
    return error


def on_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("outer", "cause"),
    [
        (OperationalError, psycopg.OperationalError("connection refused")),
        (OperationalError, errors.AdminShutdown()),
        (OperationalError, errors.CannotConnectNow()),
        (OperationalError, errors.DiskFull()),
        (OperationalError, errors.TooManyConnections()),
        (InternalError, errors.ReadOnlySqlTransaction()),
        (OperationalError, on_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)),
        (OperationalError, on_sqlite(sqlite3.SQLITE_FULL)),
    ],
    ids=lambda one: str(one)[:40],
)
def test_a_database_that_is_away_may_be_asked_again(outer: type[Error], cause: Exception) -> None:
    assert is_away(wrapped(outer, cause))


@pytest.mark.parametrize(
    ("outer", "cause"),
    [
        (OperationalError, errors.DeadlockDetected()),
        (OperationalError, errors.QueryCanceled()),
        (ProgrammingError, errors.UndefinedTable()),
        (OperationalError, on_sqlite(sqlite3.SQLITE_ERROR)),
    ],
    ids=lambda one: str(one)[:40],
)
def test_our_own_mistakes_stay_loud(outer: type[Error], cause: Exception) -> None:
    assert not is_away(wrapped(outer, cause))
    assert not is_away(ValueError())

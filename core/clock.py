"""The database's clock: processes compare their times by it, so that one with a wrong clock harms nobody.

It is asked every few seconds; in between the time that passed here is added, which no wrong clock changes.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

ASK_EVERY_SECONDS = 10.0
QUESTIONS = {
    "postgresql": "SELECT clock_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')",
}


@dataclass(frozen=True)
class Reading:
    """What the database said, and when it was asked on a clock that only counts."""

    at: datetime
    counted: float


_last: list[Reading] = []


def now() -> datetime:
    """The database's time (UTC). Raises DatabaseError when it has to be asked and can't be reached."""
    passed = time.monotonic() - _last[0].counted if _last else -1.0
    if not 0 <= passed < ASK_EVERY_SECONDS:
        _last[:] = [_ask()]
        return _last[0].at
    return _last[0].at + timedelta(seconds=passed)


def due(moment: datetime) -> datetime:
    """When what is due at `moment`, now by this process's own clock, is due: a fast one puts nothing off."""
    return min(moment, now())


def _ask() -> Reading:
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS[connection.vendor])
        said = cursor.fetchone()[0]
    at = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    return Reading(at, (before + time.monotonic()) / 2)

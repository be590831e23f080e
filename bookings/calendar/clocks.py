"""What the clock on the wall shows, and when that is. Pure.

Clocks are put forward (some times never come) and back (some come twice).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the clocks of `zone` show `wall`, or a later time if they skip it."""
    late = wall.replace(tzinfo=zone).astimezone(UTC)
    if shown(late, zone) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > MINUTE:
        middle = early + (late - early) // MINUTE // 2 * MINUTE
        early, late = (early, middle) if shown(middle, zone) >= wall else (middle, late)
    return late


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks show then (naive)."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def comes(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks show this time at all."""
    return shown(wall.replace(tzinfo=zone).astimezone(UTC), zone) == wall


def is_second_time(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks were put back and show this time again."""
    return at.astimezone(zone).fold == 1


def jumps_between(first: datetime, last: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks are changed between two times on the wall."""
    return first.replace(tzinfo=zone, fold=0).utcoffset() != last.replace(tzinfo=zone, fold=1).utcoffset()

"""Months as the business's wall calendar has them; a month is named by its first day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def month_of(moment: datetime, zone: ZoneInfo) -> date:
    """The month that a moment falls in."""
    return moment.astimezone(zone).date().replace(day=1)


def following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def preceding(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def begin(month: date, zone: ZoneInfo) -> datetime:
    """When it begins."""
    return datetime.combine(month, time.min, zone)


def parsed(text: str) -> date:
    """Read `2026-11`; raises ValueError."""
    return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 a month has no zone

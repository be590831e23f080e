"""Months as the business's wall calendar has them; a month is named by its first day."""

import re
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
    """Read `2026-11`, of this century; raises ValueError."""
    if not re.fullmatch(r"20\d\d-[01]\d", text):
        raise ValueError(f"{text!r} is not like 2026-11")
    return date.fromisoformat(f"{text}-01")

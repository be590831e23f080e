"""The day in short, for the home page: how many come, and who is next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from backoffice.agenda.entries import Entry, between
from bookings.models import Business

NEXT = 5


@dataclass(frozen=True)
class Today:
    """`following` are the next ones from now on."""

    count: int
    following: list[Entry]


def of(now: datetime) -> Today:
    """Today, where the business is; in three queries."""
    zone = Business.current().zone
    start = datetime.combine(now.astimezone(zone).date(), time(), zone)
    entries = between(start, start + timedelta(days=1), zone=zone, now=now)
    return Today(len(entries), [entry for entry in entries if entry.booking.ends_at > now][:NEXT])

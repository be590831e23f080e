"""Which stretch of time a run looks at, and the bookmark up to which all is known to agree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.models import Mark

BOOKMARK = "reconciled"
FIRST_LOOK = timedelta(hours=48)
# What Stripe lists late, or dates a little before we looked, is seen by the next run.
OVERLAP = timedelta(hours=1)
# Lists are newest first, but a story is best told in order: so a day at a time, oldest day first.
SLICE = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=1)

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Window:
    """From `since` (included) to `until` (not), UTC."""

    since: datetime
    until: datetime

    def slices(self, *, not_before: datetime | None = None) -> Iterator["Window"]:
        """Cut it into days, oldest first."""
        start = max(self.since, not_before or self.since)
        while start < self.until:
            end = min(start + SLICE, self.until)
            yield Window(start, end)
            start = end

    @property
    def unix(self) -> tuple[int, int]:
        """The same as whole Unix seconds, as Stripe asks for."""
        return int(self.since.timestamp()), int(self.until.timestamp())


def window(*, now: datetime, back: timedelta | None = None) -> Window:
    """Everything from `back` ago on; without it, from the bookmark on."""
    mark = Mark.objects.filter(name=BOOKMARK).first()
    since = mark.at - OVERLAP if mark else now - FIRST_LOOK
    return Window(now - back if back else since, now + CLOCKS_DIFFER)


def move_bookmark(seen: Window, now: datetime) -> None:
    """Remember that all up to `now` was compared, unless that would skip a gap before the window."""
    mark, _ = Mark.objects.get_or_create(name=BOOKMARK, defaults={"at": now})
    if seen.since <= mark.at:
        Mark.objects.filter(name=BOOKMARK, at__lt=now).update(at=now)


def span(text: str) -> timedelta:
    """Read `90m`, `48h` or `30d`; raises ValueError."""
    found = re.fullmatch(r"([1-9]\d{0,4})([mhd])", text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not like 90m, 48h or 30d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


Clock = Callable[[], datetime]

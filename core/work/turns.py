"""Whose turn a periodic job is: one worker's at a time, by the database's clock.

A turn is held for a while only, and renewed while its worker lives: a dead worker's is soon taken up. Who
slept for too long has lost it, and neither begins another row nor says when the next turn is.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from core import clock
from core.models import Mark
from core.work import lease

PREFIX = "next "
_own = threading.local()
_in_hand: "set[Turn]" = set()


@dataclass(eq=False)
class Turn:
    """A turn in hand: `until` is what the mark says, so only who has it can change it."""

    name: str
    taken: datetime
    every: timedelta
    until: datetime
    is_broken_off: bool = False

    def renew(self, now: datetime) -> None:
        """Hold it from now on, never for longer than until the next one."""
        until = _held_until(self.taken, self.every, now)
        if self.until - now < lease.LEASE / 2 and until > self.until > now and self._write(until):
            self.until = until

    def end(self) -> None:
        """It is done: the next comes in time. What was broken off is free for others."""
        if self.is_broken_off:
            return
        if not self.every:
            self._mark().delete()
        elif self.until != self.taken + self.every:
            self._write(self.taken + self.every)

    def give_back(self, now: datetime) -> None:
        """It came to nothing: whoever comes next may take it."""
        self._write(now)

    def _write(self, at: datetime) -> bool:
        return self._mark().update(at=at) == 1

    def _mark(self) -> QuerySet[Mark]:
        return Mark.objects.filter(name=PREFIX + self.name, at=self.until)


def take(name: str, every: timedelta, now: datetime) -> Turn | None:
    """Take this turn of a periodic job; None while it isn't due or another worker has it."""
    marks = Mark.objects.filter(name=PREFIX + name)
    until = _held_until(now, every, now)
    if not every:
        return Turn(name, now, every, until) if marks.filter(at__lte=now).update(at=until) else None
    Mark.objects.get_or_create(name=PREFIX + name, defaults={"at": now})
    # Nobody may wait longer than one turn: what says so was written by a wrong clock.
    is_free = Q(at__lte=now) | Q(at__gt=now + every)
    return Turn(name, now, every, until) if marks.filter(is_free).update(at=until) else None


def _held_until(taken: datetime, every: timedelta, now: datetime) -> datetime:
    return min(now + lease.LEASE, taken + every) if every else now + lease.LEASE


@contextmanager
def in_hand(turn: Turn) -> Iterator[None]:
    """This thread works on it; the worker's watch renews it (renew_all)."""
    _own.turn = turn
    _in_hand.add(turn)
    try:
        yield
    finally:
        _in_hand.discard(turn)
        _own.turn = None


def renew_all(now: datetime) -> None:
    """Hold on to what this process has in hand."""
    for turn in list(_in_hand):
        turn.renew(now)


def must_break_off(now: datetime) -> bool:
    """Whether this thread's turn may be another's by now: the rest of it is theirs."""
    turn: Turn | None = getattr(_own, "turn", None)
    if turn is None or not lease.has_lapsed(turn.until, now):
        return False
    turn.is_broken_off = True
    return True


def hurry(name: str, *, now: datetime) -> None:
    """Make it the turn of whoever looks first."""
    Mark.objects.update_or_create(name=PREFIX + name, defaults={"at": clock.due(now)})


def to_come(every: Mapping[str, timedelta | None], now: datetime) -> set[str]:
    """Which of these jobs' turns are still to come: one question for all of them."""
    marks = Mark.objects.filter(name__startswith=PREFIX, at__gt=now).values_list("name", "at")
    later = {name.removeprefix(PREFIX): at for name, at in marks}
    return {name for name, span in every.items() if name in later and _is_sane(later[name] - now, span)}


def _is_sane(wait: timedelta, every: timedelta | None) -> bool:
    return not every or wait <= every

"""Whose turn a periodic job is: one worker's at a time, by the database's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from core.models import Mark

PREFIX = "next "


def take_turn(name: str, every: timedelta, now: datetime) -> bool:
    """Take this turn of a periodic job, unless another worker has it; `at` is when the next is due."""
    turn = Mark.objects.filter(name=PREFIX + name)
    if not every:
        return turn.filter(at__lte=now).delete()[0] == 1
    Mark.objects.get_or_create(name=PREFIX + name, defaults={"at": now})
    # Nobody may wait longer than one turn: what says so was written by a wrong clock.
    return turn.filter(Q(at__lte=now) | Q(at__gt=now + every)).update(at=now + every) == 1


def give_turn_back(name: str, now: datetime) -> None:
    """The turn came to nothing: whoever comes next may take it."""
    Mark.objects.filter(name=PREFIX + name).update(at=now)


def hurry(name: str, *, now: datetime) -> None:
    """Make it the turn of whoever looks first."""
    Mark.objects.update_or_create(name=PREFIX + name, defaults={"at": now})


def to_come(every: Mapping[str, timedelta | None], now: datetime) -> set[str]:
    """Which of these jobs' turns are still to come: one question for all of them."""
    marks = Mark.objects.filter(name__startswith=PREFIX, at__gt=now).values_list("name", "at")
    later = {name.removeprefix(PREFIX): at for name, at in marks}
    return {name for name, span in every.items() if name in later and _is_sane(later[name] - now, span)}


def _is_sane(wait: timedelta, every: timedelta | None) -> bool:
    return not every or wait <= every

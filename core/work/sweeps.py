"""Sweeps go from row to row: one in trouble stops no other, is put off with back-off and shown to staff."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Cast

from core.models import PutOff
from core.work import stopping, turns
from core.work.lease import LONGEST, backoff

log = structlog.get_logger()

Row = TypeVar("Row", bound=models.Model)


class Later(Exception):
    """The row has to wait for others; with a `code` it is in trouble, which staff see if it lasts."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sweep:
    """`longest` is how long a row in trouble is put off at most, `most_troubles` how many end this turn."""

    name: str
    longest: timedelta = LONGEST
    most_troubles: int = 1000

    def ready(self, rows: models.QuerySet[Row], *, now: datetime) -> models.QuerySet[Row]:
        """Those of these rows that aren't put off."""
        key = Cast(OuterRef("pk"), models.CharField())
        return rows.exclude(Exists(PutOff.objects.filter(sweep=self.name, row=key, until__gt=now)))

    def each(self, rows: Iterable[Row], do: Callable[[Row], object], clock: Callable[[], datetime]) -> int:
        """Do each row, whatever becomes of the others; returns how many were done."""
        done = troubles = 0
        for row in rows:
            if stopping.is_told() or troubles >= self.most_troubles or turns.must_break_off(clock()):
                break
            try:
                do(row)
            except Later as later:
                troubles += bool(later.code)
                self.put_off(row, now=clock(), error=later.code)
            except Exception as error:
                troubles += 1
                log.exception("row.failed", sweep=self.name, row=str(row.pk))
                self.put_off(row, now=clock(), error=type(error).__name__)
            else:
                done += 1
                self.forget(row)
        return done

    def put_off(self, row: models.Model, *, now: datetime, error: str = "") -> None:
        """Look at it later, and later each time."""
        known = PutOff.objects.filter(sweep=self.name, row=str(row.pk))
        attempts = (known.values_list("attempts", flat=True).first() or 0) + 1
        until = now + min(backoff(attempts), self.longest if error else LONGEST)
        changes = {"attempts": attempts, "until": until, "error": error[:200], "about": str(row)[:64]}
        PutOff.objects.update_or_create(
            sweep=self.name, row=str(row.pk), defaults=changes, create_defaults=changes | {"since": now}
        )

    def forget(self, row: models.Model) -> None:
        """It went well."""
        PutOff.objects.filter(sweep=self.name, row=str(row.pk)).delete()

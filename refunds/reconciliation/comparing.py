"""Compare, heal, compare again: the same for every kind of object."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from django.db import models

from core import states
from core.work.sweeps import Sweep
from payments import gateway, pace
from payments.events.event_handlers import NotYet
from refunds.models.reconciliation import Kind
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.tally import Tally
from refunds.reconciliation.window import Clock

log = structlog.get_logger()
# Our own exceptions: the handler saw it and could not take it in. All others are bugs, and loud, but one
# object's trouble must not keep the others from being compared.
CANT_BE_HEALED = (NotYet, states.ForbiddenArrow, states.Overtaken, gateway.Refused)
# The key or the pace is wrong, not the object; and more troubles than so many are Stripe's, not the objects'.
NOT_THE_OBJECTS = (gateway.Busy, gateway.Misconfigured)
MOST_TROUBLES = 5
SWEEP = Sweep("reconciliation", most_troubles=MOST_TROUBLES)

Row = TypeVar("Row", bound=models.Model)


@dataclass
class Comparison:
    """One run's way of working. With `dry_run` nothing is changed."""

    clock: Clock
    dry_run: bool = False
    tally: Tally = field(default_factory=Tally)
    troubles: int = 0

    @property
    def now(self) -> datetime:
        return self.clock()

    def wait(self) -> None:
        """Wait for our turn to ask Stripe."""
        pace.wait_for_slot(self.clock)

    def paced(self, pages: gateway.Pages) -> Iterator[gateway.Page]:
        """Wait for our turn before each page is asked for."""
        while True:
            self.wait()
            page = next(pages, None)
            if page is None:
                return
            yield page

    def each(self, rows: Iterable[Row], do: Callable[[Row], object]) -> None:
        """Look up each row of ours; one in trouble is shown to staff if it stays so, and stops no other."""
        if not self.dry_run:
            SWEEP.each(rows, do, self.clock)
            return
        for row in rows:
            do(row)

    @contextmanager
    def alone(self, difference: Difference) -> Iterator[None]:
        """One object's trouble stops no other: staff are shown `difference`, until a later run finds none.

        Raises StripeFailure where it isn't this object's trouble.
        """
        try:
            yield
        except Exception as error:
            self.troubles += 1
            is_stripes = isinstance(error, gateway.StripeFailure) and self.troubles > MOST_TROUBLES
            if is_stripes or isinstance(error, NOT_THE_OBJECTS):
                raise
            log.exception("reconcile.trouble", id=difference.stripe_id)
            self.tally.keep(difference)

    def look_at(self, subject: Subject, page: list[Object]) -> None:
        """Compare a page of objects with ours, and heal what differs."""
        self.tally.seen[subject.name] += len(page)
        objects = {obj["id"]: obj for obj in page}
        for difference in self._differences(subject, page):
            with self.alone(difference):
                self._treat(subject, objects[difference.stripe_id], difference)

    def _differences(self, subject: Subject, page: list[Object]) -> list[Difference]:
        try:
            return list(subject.compare(page))
        except Exception:
            log.exception("reconcile.not_compared_together", subject=subject.name)
        found: list[Difference] = []
        for obj in page:
            with self.alone(Difference(Kind.STATE, obj["id"], None, "not compared", None, subject.name)):
                found += subject.compare([obj])
        return found

    def look_up(self, subject: Subject, stripe_id: str, *, booking: int | None, ours: str) -> None:
        """Ask for one object of ours; that Stripe doesn't have it can't be healed."""
        try:
            found = self._fetch(subject, stripe_id)
        except gateway.Refused as error:
            if not error.is_missing:
                raise
            self.tally.keep(Difference(Kind.MISSING_THERE, stripe_id, ours, None, booking, subject.name))
        else:
            self.look_at(subject, [found])

    def _treat(self, subject: Subject, obj: Object, difference: Difference) -> None:
        if self.dry_run:
            self.tally.healable.append(difference)
            return
        if self._is_healed(subject, obj):
            self.tally.healed += 1
            return
        # It may have changed since it was listed: its present state decides.
        fresh = self._fetch(subject, obj["id"])
        if self._is_healed(subject, fresh):
            self.tally.healed += 1
        else:
            for left in subject.compare([fresh]):
                self.tally.keep(left)

    def _is_healed(self, subject: Subject, obj: Object) -> bool:
        try:
            subject.heal(obj, self.clock)
        except CANT_BE_HEALED as error:
            log.info("reconcile.not_healed", id=obj["id"], why=type(error).__name__)
        except gateway.StripeFailure:
            raise
        except Exception:
            log.exception("reconcile.failed", id=obj["id"])
        return not list(subject.compare([obj]))

    def _fetch(self, subject: Subject, stripe_id: str) -> Object:
        self.wait()
        return subject.fetch(stripe_id)

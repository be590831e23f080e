"""Holds every answer and event against Stripe's types while tests run."""

from dataclasses import dataclass, field

from sandbox.store.shelf import Obj
from sandbox.types import checking

_MOST = 50


@dataclass
class Watch:
    """Off by default: only tests look so closely. Guarded by the state's lock."""

    on: bool = False
    # Values that a test has made up, such as a status that Stripe may add one day.
    made_up: set[str] = field(default_factory=set)
    slips: list[str] = field(default_factory=list)

    def answer(self, obj: Obj) -> None:
        """Look at an answer of the API."""
        if self.on:
            self._note(checking.slips(obj, self.made_up))

    def event(self, event: Obj) -> None:
        """Look at an event and the object in it."""
        if self.on:
            self._note(checking.event_slips(event, self.made_up))

    def _note(self, lines: list[str]) -> None:
        self.slips += [line for line in lines if line not in self.slips][: _MOST - len(self.slips)]

    def drain(self) -> list[str]:
        """What was wrong since the last look; a reset forgets nothing of it."""
        lines, self.slips = self.slips, []
        return lines

"""The only writer of a status, in any app. The allowed arrows stand beside each enum."""

from typing import Any, ClassVar

from django.db import models

from core.storage import rows

Arrows = dict[str, frozenset[str]]


class Stateful(models.Model):
    """A row with a `status` that only move() changes."""

    ARROWS: ClassVar[Arrows]
    status: Any

    class Meta:
        abstract = True


class ForbiddenArrow(Exception):
    """The state machine has no such arrow: a bug, or a report that came too late to matter."""


class Overtaken(Exception):
    """Somebody else moved the row since it was read: read again and decide again."""


def check(row: Stateful, to: str) -> None:
    """Raise ForbiddenArrow unless `row` may go to `to` from where it is."""
    if to not in row.ARROWS.get(row.status, frozenset()):
        raise ForbiddenArrow(f"{row._meta.label} {row.pk}: {row.status} -> {to}")


def move(row: Stateful, to: str, **fields: Any) -> None:
    """Move `row` to `to`, setting `fields` in the same UPDATE.

    Raises ForbiddenArrow, or Overtaken when the row is no longer in the state we saw.
    """
    check(row, to)
    follow(row, to, **fields)


def follow(row: Stateful, to: str, **fields: Any) -> None:
    """Write the state that another system decided: no arrows, but still no lost update."""
    changes = {"status": to, **fields}
    if rows.change(type(row), {"pk": row.pk, "status": row.status}, changes) != 1:
        raise Overtaken(f"{row._meta.label} {row.pk} is no longer {row.status}")
    for name, value in changes.items():
        setattr(row, name, value)

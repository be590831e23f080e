"""The story of each booking: the only writer of the audit trail, and the lock it is written under."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from structlog.contextvars import get_contextvars

from bookings.models import AuditEntry, Booking, Message
from core import states
from core.states import Stateful
from core.storage import rows, writes
from core.storage.rows import Where
from core.storage.writes import Change, Insert


@dataclass(frozen=True)
class By:
    """Who acts and through what: never a name or an address, so that people can be erased.

    `actor` is like `customer:7`, `staff:3`, `stripe`, `system`; `source` is api, page (a customer's
    link), webhook, admin, worker, reconcile or command.
    """

    actor: str
    source: str


class Story:
    """A booking whose row is locked, and what happens to it in this transaction.

    Whoever changes a state under a booking needs one, so the lock can't be forgotten.
    """

    def __init__(self, booking: Booking, by: By, now: datetime) -> None:
        self.booking = booking
        self.by = by
        self.now = now
        self.request_id = str(get_contextvars().get("request_id", ""))
        self._seen_status = booking.status
        self._seen_resource = booking.resource_id
        self._changes: dict[str, Any] = {}
        self._entries: list[AuditEntry] = []
        self._mails: list[Message] = []

    def record(self, action: str, **detail: Any) -> None:
        """Add an entry; `detail` is JSON without personal data."""
        self._entries.append(
            AuditEntry(
                booking_id=self.booking.pk,
                at=self.now,
                actor=self.by.actor,
                source=self.by.source,
                request_id=self.request_id,
                action=action,
                detail=detail,
            )
        )

    def send(self, mails: Iterable[Message]) -> None:
        """Write mails down with the rest; those that were written down before are left out."""
        self._mails += mails

    def move(self, row: Stateful, to: str, *, why: dict[str, Any] | None = None, **fields: Any) -> None:
        """Move `row` (the booking or what hangs on it) to `to`, and tell it in the trail."""
        before = row.status
        if row is self.booking:
            states.check(row, to)
            self._change_booking(status=to, **fields)
        else:
            states.move(row, to, **fields)
        self._tell_move(row, before, to, why)

    def follow(self, row: Stateful, to: str, *, why: dict[str, Any] | None = None, **fields: Any) -> None:
        """Write a state that Stripe decided; the trail tells it when it is another."""
        before = row.status
        states.follow(row, to, **fields)
        if before != to:
            self._tell_move(row, before, to, why)

    def change(self, **fields: Any) -> None:
        """Set fields of the booking that are no state; what it means is told by record()."""
        self._change_booking(**fields)

    def _tell_move(self, row: Stateful, before: str, to: str, why: dict[str, Any] | None) -> None:
        detail = {"from": before, "to": to, **(why or {})}
        if row is not self.booking:
            detail["id"] = str(row.pk)
        self.record(f"{_noun(row)}.{to}", **detail)

    def _change_booking(self, **fields: Any) -> None:
        self._changes |= fields
        for name, value in fields.items():
            setattr(self.booking, name, value)

    def write(self) -> None:
        """Chain and insert the entries, insert the mails, save the booking: together if it can be."""
        head = self.booking.audit_head
        for entry in self._entries:
            entry.previous_hash = head
            head = entry.entry_hash = hash_of(entry)
        if self._entries:
            self._change_booking(audit_head=head)
        if self.booking.resource_id != self._seen_resource:
            for follow in _followers:
                follow(self, self.booking.resource_id)
        if not self._changes:
            if self._mails:
                rows.insert(self._mails, skip_existing=True)
            return
        seen = {"pk": self.booking.pk, "status": self._seen_status}
        inserts = Insert(self._mails, skip_existing=True), Insert(self._entries)
        if writes.together(inserts, Change(Booking, seen, self._changes)) != 1:
            raise states.Overtaken(f"{self.booking} is no longer {self._seen_status}")


_followers: list[Callable[[Story, int | None], None]] = []


def register_follower(follow: Callable[[Story, int | None], None]) -> None:
    """Have this called when a booking goes to another person or room, before it is saved."""
    _followers.append(follow)


def _noun(row: Stateful) -> str:
    return {"refundrecord": "refund"}.get(row._meta.model_name or "", row._meta.model_name or "")


@contextmanager
def story_of(bookings: QuerySet[Booking] | Where, *, by: By, now: datetime) -> Iterator[Story]:
    """Lock the one booking that the query or condition names, and write its story when the block ends well.

    The one lock of a transaction, taken first. Raises Booking.DoesNotExist.
    """
    with transaction.atomic(savepoint=False):
        booking = _lock(bookings)
        if booking is not None:
            story = Story(booking, by, now)
            yield story
            story.write()
    # Not inside: what is raised there spoils the transaction around it too.
    if booking is None:
        raise Booking.DoesNotExist


def _lock(bookings: QuerySet[Booking] | Where) -> Booking | None:
    if isinstance(bookings, Where):
        return next(iter(rows.read(Booking, bookings, lock=True)), None)
    try:
        return bookings.select_for_update(of=("self",), no_key=True).get()
    except Booking.DoesNotExist:
        return None


@contextmanager
def story_of_new(booking: Booking, *, by: By, now: datetime) -> Iterator[Story]:
    """The story of a booking inserted in this transaction: nobody else can see it yet."""
    with transaction.atomic(savepoint=False):
        booking.save(force_insert=True)
        story = Story(booking, by, now)
        yield story
        story.write()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the hash of the one before, in canonical JSON."""
    content = [
        entry.previous_hash,
        entry.booking_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.source,
        entry.action,
        entry.request_id,
        entry.detail,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()

"""Prove the audit trail: every booking's chain from its first entry to its head, streaming."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from bookings.audit import hash_of
from bookings.models import AuditEntry, Booking

# Rows in memory at a time, whatever the length of the trail.
CHUNK = 2000


@dataclass(frozen=True)
class Break:
    """Where a chain doesn't hold; `entry` is None when the whole trail of a booking is gone."""

    booking: str
    entry: int | None
    what: str

    def __str__(self) -> str:
        place = f"entry {self.entry}" if self.entry else "no entry"
        return f"booking {self.booking}, {place}: {self.what}"


@dataclass
class Verification:
    """Iterate over `breaks`; afterwards the counts tell how much was proved."""

    entries: int = 0
    bookings: int = 0

    def breaks(self) -> Iterator[Break]:
        """The first break of each booking whose chain doesn't hold, in order of booking."""
        yield from self._without_a_trail()
        previous: AuditEntry | None = None
        is_broken = False
        for entry in _trail():
            self.entries += 1
            if previous is None or entry.booking_id != previous.booking_id:
                if previous is not None and not is_broken:
                    yield from _cut_off(previous)
                self.bookings += 1
                previous, is_broken = None, False
            if not is_broken and (what := _wrong(entry, previous)):
                is_broken = True
                yield Break(entry.booking.reference, entry.pk, what)
            previous = entry
        if previous is not None and not is_broken:
            yield from _cut_off(previous)

    def _without_a_trail(self) -> Iterator[Break]:
        entries = AuditEntry.objects.filter(booking=OuterRef("pk"))
        bare = Booking.objects.exclude(audit_head="").filter(~Exists(entries)).order_by("pk")
        for reference in bare.values_list("reference", flat=True).iterator(CHUNK):
            self.bookings += 1
            yield Break(reference, None, "all its entries are gone")


def _trail() -> Iterator[AuditEntry]:
    """All entries with their bookings' heads, in one statement: a consistent view while others write."""
    trail = AuditEntry.objects.order_by("booking_id", "id").select_related("booking")
    needed = (
        "booking_id",
        "at",
        "actor",
        "source",
        "action",
        "detail",
        "request_id",
        "previous_hash",
        "entry_hash",
        "booking__reference",
        "booking__audit_head",
    )
    return trail.only(*needed).iterator(CHUNK)


def _wrong(entry: AuditEntry, previous: AuditEntry | None) -> str:
    if entry.previous_hash != (previous.entry_hash if previous else ""):
        return "the entry before it was changed or removed"
    if hash_of(entry) != entry.entry_hash:
        return f"its content was changed ({entry.action})"
    return ""


def _cut_off(last: AuditEntry) -> Iterator[Break]:
    """Taking entries off the end leaves a chain that holds: only the head tells."""
    if last.booking.audit_head != last.entry_hash:
        yield Break(last.booking.reference, last.pk, "entries after it were removed, or the head was changed")

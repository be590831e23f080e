"""Whether one more booking fits. Call with the service's row locked, or the answer may be stale."""

from collections.abc import Sequence
from datetime import datetime

from bookings.models import Booking, Service


def lock(service_id: int) -> Service:
    """Make everyone who books this service wait in line until the transaction ends."""
    return Service.objects.select_for_update(no_key=True).get(pk=service_id)


def has_room(
    service: Service, *, starts_at: datetime, ends_at: datetime, besides: Booking | None = None
) -> bool:
    """Tell whether at no moment in between the service's capacity is used up.

    An unpaid hold occupies its slot until it is expired, which happens only after Stripe was asked.
    """
    taken = Booking.objects.filter(
        service=service, status__in=Booking.OCCUPYING, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    spans = list(taken.values_list("starts_at", "ends_at"))
    return most_at_once(spans, starts_at=starts_at, ends_at=ends_at) < service.capacity


def most_at_once(
    spans: Sequence[tuple[datetime, datetime]], *, starts_at: datetime, ends_at: datetime
) -> int:
    """How many of the spans overlap at the fullest moment in between; ends are not part of a span."""
    # The fullest moment is always a moment at which somebody starts.
    moments = [starts_at, *(start for start, _ in spans if starts_at < start < ends_at)]
    return max(sum(start <= moment < end for start, end in spans) for moment in moments)

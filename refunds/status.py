"""Where the money of one booking stands, in three queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from bookings.models import Booking
from payments import statement
from refunds.models import Dispute, RefundRecord


@dataclass(frozen=True)
class Standing:
    """Sums in the booking's minor units, over all of its payments."""

    booking: Booking
    paid: int
    refunded: int
    in_progress: int
    records: Sequence[RefundRecord]
    disputes: Sequence[Dispute]


def standing(bookings: QuerySet[Booking]) -> Standing | None:
    """Read where the one booking's refunds stand; None if there is no such booking."""
    booking = statement.with_balance(bookings).prefetch_related("refunds", "disputes").first()
    if booking is None:
        return None
    balance = statement.balance_of(booking)
    records = list(booking.refunds.all())
    return Standing(
        booking=booking,
        paid=balance.paid,
        refunded=balance.refunded,
        in_progress=sum(r.amount for r in records if r.status in RefundRecord.ON_ITS_WAY),
        records=records,
        disputes=list(booking.disputes.all()),
    )

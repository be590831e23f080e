"""Where the money of one booking stands, in two queries, or three if it is disputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bookings.models import REFERENCE, Booking
from bookings.models.business import default_zone
from core import rows
from core.rows import Where
from payments.books import statement
from refunds import account
from refunds.models import Dispute, RefundRecord

# One statement for all that most bookings need.
ALONG = {
    "is_disputed": "EXISTS (SELECT 1 FROM refunds_dispute WHERE booking_id = bookings_booking.id)",
    "time_zone": "(SELECT time_zone FROM bookings_business)",
    "is_processing": "EXISTS (SELECT 1 FROM payments_payment"
    " WHERE booking_id = bookings_booking.id AND status = 'processing')",
    **statement.SUMS,
}


@dataclass(frozen=True)
class Standing:
    """Sums in the booking's minor units, over all of its payments; newest first. `zone` is the business's."""

    booking: Booking
    zone: ZoneInfo
    paid: int
    refunded: int
    in_progress: int
    records: Sequence[RefundRecord]
    disputes: Sequence[Dispute]
    is_processing: bool = False


def standing(customer: int, reference: str) -> Standing | None:
    """Read where the refunds of a customer's booking stand; None if they have no such booking.

    What can't be a reference never reaches the database.
    """
    if not REFERENCE.fullmatch(reference):
        return None
    mine = Where("customer_id = %s AND reference = %s", (customer, reference))
    found = rows.read(Booking, mine, more=ALONG)
    return _of(found[0]) if found else None


def _of(booking: Booking) -> Standing:
    balance = statement.balance_of(booking)
    of_booking = Where("booking_id = %s", (booking.pk,))
    # What nobody has agreed to is promised to nobody.
    records = [record for record in rows.read(RefundRecord, of_booking) if not account.was_only_asked(record)]
    disputes = rows.read(Dispute, of_booking) if vars(booking)["is_disputed"] else []
    return Standing(
        booking=booking,
        zone=ZoneInfo(vars(booking)["time_zone"] or default_zone()),
        paid=balance.paid,
        refunded=balance.refunded,
        in_progress=sum(r.amount for r in records if r.status in RefundRecord.ON_ITS_WAY),
        records=sorted(records, key=lambda record: record.requested_at, reverse=True),
        disputes=sorted(disputes, key=lambda dispute: (dispute.opened_at, dispute.pk), reverse=True),
        is_processing=bool(vars(booking)["is_processing"]),
    )

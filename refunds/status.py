"""Where the money of one booking stands, in two queries, or three if it is disputed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.models import REFERENCE, Booking
from bookings.models.business import default_zone
from core.storage import rows
from core.storage.rows import Where
from payments.books import statement
from payments.models import Payment
from refunds import account
from refunds.account import Account, Books
from refunds.models import Dispute, RefundRecord

# One statement for all that most bookings need.
ALONG = {
    "is_disputed": "EXISTS (SELECT 1 FROM refunds_dispute WHERE booking_id = bookings_booking.id)",
    "time_zone": "(SELECT time_zone FROM bookings_business)",
    "is_processing": "EXISTS (SELECT 1 FROM payments_payment"
    " WHERE booking_id = bookings_booking.id AND status = 'processing')",
    **statement.SUMS,
}
# What the account of each record's payment is made of, without a statement of its own.
_OF_PAYMENT = "(SELECT {} FROM payments_payment WHERE id = refunds_refundrecord.payment_id)"
WITH_PAYMENT = {f"payment_{name}": _OF_PAYMENT.format(name) for name in ("amount", "status", "orphaned")}
WITH_PAYMENT |= statement.sums_where("line.payment_id = refunds_refundrecord.payment_id")


@dataclass(frozen=True)
class Standing:
    """Sums in the booking's minor units, over all of its payments; newest first. `zone` is the business's.

    `accounts` are of the payments that have refunds, `to_come` is what each refund has still to give.
    """

    booking: Booking
    zone: ZoneInfo
    paid: int
    refunded: int
    in_progress: int
    records: Sequence[RefundRecord]
    disputes: Sequence[Dispute]
    accounts: Sequence[Account]
    to_come: Mapping[UUID, int]
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
    every = rows.read(RefundRecord, of_booking, more=WITH_PAYMENT)
    # What nobody has agreed to is promised to nobody.
    records = [record for record in every if not account.was_only_asked(record)]
    disputes = rows.read(Dispute, of_booking) if vars(booking)["is_disputed"] else []
    books = list(_books(every, disputes))
    to_come = {key: amount for one in books for key, amount in account.to_come(one).items()}
    return Standing(
        booking=booking,
        zone=ZoneInfo(vars(booking)["time_zone"] or default_zone()),
        paid=balance.paid,
        refunded=balance.refunded,
        in_progress=sum(to_come.get(r.pk, 0) for r in records if r.status in RefundRecord.ON_ITS_WAY),
        records=sorted(records, key=lambda record: record.requested_at, reverse=True),
        disputes=sorted(disputes, key=lambda dispute: (dispute.opened_at, dispute.pk), reverse=True),
        accounts=[account.add_up(one) for one in books],
        to_come=to_come,
        is_processing=bool(vars(booking)["is_processing"]),
    )


def _books(records: Sequence[RefundRecord], disputes: Sequence[Dispute]) -> Iterator[Books]:
    for first in {record.payment_id: record for record in records}.values():
        along = {name: vars(first)[f"payment_{name}"] for name in ("amount", "status", "orphaned")}
        yield Books(
            payment=Payment(pk=first.payment_id, currency=first.currency, **along),
            balance=statement.balance_of(first),
            records=sorted(
                (record for record in records if record.payment_id == first.payment_id),
                key=lambda record: (record.requested_at, record.pk),
            ),
            disputes=[dispute for dispute in disputes if dispute.payment_id == first.payment_id],
        )

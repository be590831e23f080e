"""The statement: one signed line for each real movement of money. The only writer of its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from bookings.audit import Story
from bookings.models import Booking
from core import rows
from payments.books import receipts
from payments.models import PaymentTransaction, TransactionKind

# Dispute fees are Stripe's price, not the customer's money.
KINDS = {
    "paid_in": (TransactionKind.PAYMENT,),
    "given_back": (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED),
    "charged_back": (TransactionKind.CHARGEBACK, TransactionKind.CHARGEBACK_RETURNED),
}
SUM = (
    "(SELECT COALESCE(SUM(amount), 0) FROM payments_paymenttransaction line"
    " WHERE line.booking_id = bookings_booking.id AND line.currency = bookings_booking.currency"
    " AND line.kind IN ({}))"
)
# For rows.read(): a booking's sums in its own currency.
SUMS = {name: SUM.format(", ".join(f"'{kind}'" for kind in kinds)) for name, kinds in KINDS.items()}


def write(
    story: Story,
    payment_id: UUID,
    kind: TransactionKind,
    *,
    amount: int,
    currency: str,
    stripe_id: str,
    at: datetime,
) -> None:
    """Add a line, and draw its receipt's number. `amount` is signed minor units: money to us is positive.

    A second line for the same movement is refused by the database (IntegrityError).
    """
    line = PaymentTransaction(
        booking=story.booking,
        payment_id=payment_id,
        kind=kind,
        amount=amount,
        currency=currency,
        stripe_id=stripe_id,
        occurred_at=at,
        recorded_at=story.now,
    )
    rows.insert([line])
    receipts.draw(story, line)
    story.record(f"statement.{kind}", amount=amount, currency=currency, stripe_id=stripe_id)


@dataclass(frozen=True)
class Balance:
    """Sums of a statement in minor units; `refunded` and `charged_back` as positive numbers."""

    paid: int
    refunded: int
    charged_back: int

    @property
    def kept(self) -> int:
        return self.paid - self.refunded - self.charged_back


def balance(lines: QuerySet[PaymentTransaction]) -> Balance:
    """Add up lines of one currency."""
    return _balance(lines.aggregate(**_sums()))


def balance_of(booking: Booking) -> Balance:
    """The balance of a booking that was read along with SUMS."""
    return _balance(vars(booking))


def _sums() -> dict[str, Sum]:
    return {name: Sum("amount", filter=Q(kind__in=kinds), default=0) for name, kinds in KINDS.items()}


def _balance(sums: Mapping[str, int]) -> Balance:
    return Balance(
        paid=int(sums["paid_in"]),
        refunded=-int(sums["given_back"]),
        charged_back=-int(sums["charged_back"]),
    )

"""The statement: one signed line for each real movement of money. The only writer of its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Sum

from bookings.audit import Story
from payments.books import receipts
from payments.models import PaymentTransaction, TransactionKind

# Dispute fees are Stripe's price, not the customer's money.
KINDS = {
    "paid_in": (TransactionKind.PAYMENT,),
    "given_back": (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED),
    "charged_back": (TransactionKind.CHARGEBACK, TransactionKind.CHARGEBACK_RETURNED),
}
SUM = (
    "(SELECT COALESCE(SUM(amount), 0) FROM payments_paymenttransaction line WHERE {whose}"
    " AND line.kind IN ({kinds}))"
)


def sums_where(whose: str) -> dict[str, str]:
    """For rows.read(): the sums of the lines that an SQL condition chooses; balance_of() reads them."""
    listed = {name: ", ".join(f"'{kind}'" for kind in kinds) for name, kinds in KINDS.items()}
    return {name: SUM.format(whose=whose, kinds=kinds) for name, kinds in listed.items()}


# A booking's, in its own currency.
SUMS = sums_where("line.booking_id = bookings_booking.id AND line.currency = bookings_booking.currency")


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
    """Add a line, and its receipt. `amount` is signed minor units: money to us is positive.

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
    receipts.write_down(story, line)
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


def balance_of(row: Model) -> Balance:
    """The balance that was read along with a row (SUMS, sums_where)."""
    return _balance(vars(row))


def _sums() -> dict[str, Sum]:
    return {name: Sum("amount", filter=Q(kind__in=kinds), default=0) for name, kinds in KINDS.items()}


def _balance(sums: Mapping[str, int]) -> Balance:
    return Balance(
        paid=int(sums["paid_in"]),
        refunded=-int(sums["given_back"]),
        charged_back=-int(sums["charged_back"]),
    )

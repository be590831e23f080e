"""The statement: one signed line for each real movement of money. The only writer of its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from bookings import rows
from bookings.audit import Story
from bookings.models import Booking
from payments.models import PaymentTransaction, TransactionKind


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
    """Add a line. `amount` is signed minor units: money to us is positive.

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
    """Add up lines of one currency; dispute fees are Stripe's price, not the customer's money."""
    return _balance(lines.aggregate(**_sums()))


def with_balance(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Let the query of bookings bring along what balance_of() needs: lines in the booking's currency."""
    return bookings.annotate(**_sums("transactions__", Q(transactions__currency=F("currency"))))


def balance_of(booking: Booking) -> Balance:
    """The balance of a booking that was read with_balance()."""
    return _balance(vars(booking))


def _sums(lines: str = "", only: Q | None = None) -> dict[str, Sum]:
    def of(*kinds: TransactionKind) -> Sum:
        return Sum(f"{lines}amount", filter=Q((f"{lines}kind__in", kinds)) & (only or Q()), default=0)

    return {
        "paid_in": of(TransactionKind.PAYMENT),
        "given_back": of(TransactionKind.REFUND, TransactionKind.REFUND_RETURNED),
        "charged_back": of(TransactionKind.CHARGEBACK, TransactionKind.CHARGEBACK_RETURNED),
    }


def _balance(sums: Mapping[str, int]) -> Balance:
    return Balance(paid=sums["paid_in"], refunded=-sums["given_back"], charged_back=-sums["charged_back"])

"""The statement: one signed line for each real movement of money. The only writer of its table."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from bookings.audit import Story
from payments.models import Payment, PaymentTransaction, TransactionKind


def write(
    story: Story,
    payment: Payment,
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
    PaymentTransaction(
        booking=story.booking,
        payment=payment,
        kind=kind,
        amount=amount,
        currency=currency,
        stripe_id=stripe_id,
        occurred_at=at,
        recorded_at=story.now,
    ).save(force_insert=True)
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
    sums = lines.aggregate(
        paid=Sum("amount", filter=Q(kind="payment"), default=0),
        refunds=Sum("amount", filter=Q(kind__in=("refund", "refund_returned")), default=0),
        chargebacks=Sum("amount", filter=Q(kind__in=("chargeback", "chargeback_returned")), default=0),
    )
    return Balance(paid=sums["paid"], refunded=-sums["refunds"], charged_back=-sums["chargebacks"])

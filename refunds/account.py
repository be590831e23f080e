"""What can still be given back: counted under the booking's lock, and kept by the database too."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from bookings.models import Booking
from payments.books import statement
from payments.models import Payment, PaymentStatus
from refunds.models import RefundRecord, RefundStatus

COMMITTED = (*RefundRecord.ON_ITS_WAY, RefundStatus.PAID_OTHERWISE)


@dataclass(frozen=True)
class Owed:
    """Minor units of one payment."""

    paid: int
    refunded: int
    on_its_way: int
    charged_back: int
    settled: int

    @property
    def refundable(self) -> int:
        """What the policy can owe. A chargeback holds it back or has settled some, but doesn't change it."""
        return max(self.paid - self.refunded - self.on_its_way - self.settled, 0)

    @property
    def kept(self) -> int:
        """What is really here to give away as goodwill."""
        return max(self.paid - self.refunded - self.on_its_way - max(self.charged_back, self.settled), 0)


def kept_payment(booking: Booking) -> Payment | None:
    """The payment that pays for this booking, if it was paid."""
    return booking.payments.filter(status=PaymentStatus.SUCCEEDED, orphaned=False).first()


def owed(payment: Payment) -> Owed:
    """Add up a payment's statement and what is committed beside it."""
    balance = statement.balance(payment.transactions.all())
    is_settled = Q(status=RefundStatus.SETTLED_BY_DISPUTE)
    beside = payment.refunds.aggregate(
        on_its_way=Sum("amount", filter=Q(status__in=COMMITTED), default=0),
        settled=Sum("amount", filter=is_settled, default=0),
    )
    # As in the database's own rule: without its line yet, a paid payment counts as what was asked.
    asked = payment.amount if payment.status == PaymentStatus.SUCCEEDED else 0
    return Owed(
        paid=balance.paid or asked,
        refunded=balance.refunded,
        charged_back=balance.charged_back,
        **beside,
    )

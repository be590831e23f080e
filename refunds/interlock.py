"""Disputes and refunds never both pay: while a chargeback is open or lost, refunds of its payment wait."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bookings.errors import DomainError
from payments import gateway, pace
from payments.models import Payment
from refunds.models import Dispute

STILL_FRESH = timedelta(seconds=5)


def chargeback_of(payment: Payment) -> Dispute | None:
    """The dispute that keeps this payment from being refunded; inquiries and won disputes don't."""
    return payment.disputes.filter(is_charge_refundable=False).first()


def refuse_if_disputed(payment: Payment) -> None:
    """Raise DomainError payment_disputed while a chargeback of this payment is open or lost.

    For every refund that a person starts (goodwill, retry, approval), under the booking's lock.
    """
    if dispute := chargeback_of(payment):
        detail = f"This payment is disputed ({dispute.status}): a refund now would be paid on top of it."
        raise DomainError("payment_disputed", detail)


class LiveDisputes:
    """What Stripe says now of a batch of payments: one request for all, as disputes are rare."""

    def __init__(self, payments: Sequence[Payment], clock: Callable[[], datetime]) -> None:
        self._payments = payments
        self._clock = clock
        self._asked_at: datetime | None = None
        self._blocked: set[str] = set()
        self._failure: gateway.StripeFailure | None = None

    def block(self, payment: Payment) -> bool:
        """Tell whether a dispute, perhaps one we haven't heard of, forbids refunding this payment.

        Raises StripeFailure, for the whole batch: during an outage one of them waits for the time-out.
        """
        if self._asked_at is None or self._clock() - self._asked_at > STILL_FRESH:
            self._renew()
            self._asked_at = self._clock()
        if self._failure:
            raise self._failure
        return payment.stripe_payment_intent_id in self._blocked

    def _renew(self) -> None:
        try:
            refusing = [dispute for dispute in self._ask() if not dispute.get("is_charge_refundable")]
        except gateway.Refused:
            # Nothing to be learned beforehand: Stripe itself refuses to refund a charged-back payment.
            self._failure, self._blocked = None, set()
        except gateway.StripeFailure as failure:
            self._failure = failure
        else:
            self._failure = None
            self._blocked = {gateway.id_of(dispute["payment_intent"]) for dispute in refusing}

    def _ask(self) -> list[gateway.Answer]:
        pace.wait_for_slot(self._clock)
        if len(self._payments) == 1:
            return gateway.disputes_of(self._payments[0].stripe_payment_intent_id or "")
        oldest = min(payment.paid_at or payment.created_at for payment in self._payments)
        return gateway.disputes_since(int(oldest.timestamp()) - 60)

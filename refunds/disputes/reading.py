"""Reading disputes at Stripe, and when each reading was made: network, so never inside a transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from payments import gateway, pace
from payments.models import Payment

STILL_FRESH = timedelta(seconds=5)


@dataclass(frozen=True)
class Reading:
    """A dispute as Stripe showed it at some moment between asking and hearing (UTC).

    The database's clock, whatever `now` a caller works with: only readings are compared with each other.
    """

    dispute: gateway.Answer
    asked_at: datetime
    heard_at: datetime


def read(dispute: str) -> Reading:
    """Ask for one dispute by Stripe's id."""
    return heard(lambda: [gateway.retrieve_dispute(dispute)])[0]


def read_of(payment: Payment) -> list[Reading]:
    """Ask for all disputes of a payment."""
    return heard(lambda: gateway.disputes_of(payment.stripe_payment_intent_id or ""))


def read_since(created: datetime) -> list[Reading]:
    """Ask for all disputes opened since, whatever they dispute."""
    return heard(lambda: gateway.disputes_since(int(created.timestamp())))


def heard(ask: Callable[[], list[gateway.Answer]]) -> list[Reading]:
    """Note when a question was asked and when it was answered."""
    asked_at = clock.now()
    answers = ask()
    heard_at = clock.now()
    return [Reading(answer, asked_at, heard_at) for answer in answers]


def intent_of(dispute: gateway.Answer) -> str:
    return gateway.id_of(dispute.get("payment_intent"))


class LiveDisputes:
    """What Stripe says now of a batch of payments: one request for all, as disputes are rare."""

    def __init__(self, payments: Sequence[Payment], clock: Callable[[], datetime]) -> None:
        self._payments = payments
        self._clock = clock
        self._asked_at: datetime | None = None
        self._chargebacks: list[Reading] = []
        self._failure: gateway.StripeFailure | None = None

    def against(self, payment: Payment) -> list[Reading]:
        """The chargebacks, perhaps unknown to us yet, that forbid refunding this payment.

        Raises StripeFailure, for the whole batch: during an outage one of them waits for the time-out.
        """
        if self._asked_at is None or self._clock() - self._asked_at > STILL_FRESH:
            self._renew()
            self._asked_at = self._clock()
        if self._failure:
            raise self._failure
        intent = payment.stripe_payment_intent_id
        return [reading for reading in self._chargebacks if intent_of(reading.dispute) == intent]

    def _renew(self) -> None:
        try:
            readings = self._ask()
        except gateway.Refused:
            # Nothing to be learned beforehand: Stripe itself refuses to refund a charged-back payment.
            self._failure, self._chargebacks = None, []
        except gateway.StripeFailure as failure:
            self._failure = failure
        else:
            self._failure = None
            self._chargebacks = [r for r in readings if not r.dispute.get("is_charge_refundable")]

    def _ask(self) -> list[Reading]:
        pace.wait_for_slot(self._clock)
        if len(self._payments) == 1:
            return read_of(self._payments[0])
        oldest = min(payment.paid_at or payment.created_at for payment in self._payments)
        return read_since(oldest - timedelta(minutes=1))

"""The statement lines of a dispute: each movement of its balance transactions, written once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bookings.audit import Story
from payments import gateway
from payments.books import statement
from payments.models import Payment, TransactionKind


@dataclass(frozen=True)
class Line:
    """A signed movement in minor units; `stripe_id` is the balance transaction's."""

    kind: TransactionKind
    amount: int
    currency: str
    stripe_id: str
    at: datetime


def lines_of(dispute: gateway.Answer) -> list[Line]:
    """What a dispute moved: withdrawals, returns and fees (a fee given back is a positive one)."""
    return [line for moved in dispute.get("balance_transactions") or [] for line in _lines(dispute, moved)]


def _lines(dispute: gateway.Answer, moved: gateway.Answer) -> Iterator[Line]:
    at = datetime.fromtimestamp(moved["created"], UTC)
    if amount := _amount(dispute, moved):
        kind = TransactionKind.CHARGEBACK if amount < 0 else TransactionKind.CHARGEBACK_RETURNED
        yield Line(kind, amount, dispute["currency"], moved["id"], at)
    if fee := moved["net"] if _is_fee(moved) else -moved["fee"]:
        yield Line(TransactionKind.DISPUTE_FEE, fee, moved["currency"], moved["id"], at)


def _is_fee(moved: gateway.Answer) -> bool:
    """Some accounts pay for a dispute by a line of its own, not by the withdrawal's fee."""
    return bool(moved.get("reporting_category") == "fee")


def _amount(dispute: gateway.Answer, moved: gateway.Answer) -> int:
    """The movement in the customer's currency, which is the booking's.

    Stripe books in the currency that the account settles in. Where that is another one, the statement shows
    what the customer's bank took or gave back; what the exchange made of it is told in the trail.
    """
    booked: int = 0 if _is_fee(moved) else moved["amount"]
    if moved["currency"] == dispute["currency"]:
        return booked
    disputed: int = dispute["amount"]
    return (booked > 0) * disputed - (booked < 0) * disputed


def withdrawn(dispute: gateway.Answer) -> int:
    """What is taken from us and not returned, in minor units of the dispute's currency."""
    return -sum(_amount(dispute, moved) for moved in dispute.get("balance_transactions") or [])


def write_lines(story: Story, payment: Payment, dispute: gateway.Answer) -> None:
    """Add the lines that the statement doesn't have yet."""
    lines = lines_of(dispute)
    written = payment.transactions.filter(stripe_id__in={line.stripe_id for line in lines})
    known = set(written.values_list("kind", "stripe_id"))
    new = [line for line in lines if (line.kind, line.stripe_id) not in known]
    for line in new:
        statement.write(
            story,
            payment.pk,
            line.kind,
            amount=line.amount,
            currency=line.currency,
            stripe_id=line.stripe_id,
            at=line.at,
        )
    _tell_exchanged(story, dispute, {line.stripe_id for line in new})


def _tell_exchanged(story: Story, dispute: gateway.Answer, new: set[str]) -> None:
    for moved in dispute.get("balance_transactions") or []:
        if moved["id"] in new and moved["currency"] != dispute["currency"]:
            story.record(
                "dispute.settled_abroad",
                stripe_id=moved["id"],
                amount=moved["amount"],
                currency=moved["currency"],
            )

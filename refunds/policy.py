"""The 12-hour rule, pure: the quote, the cancellation, the admin and the app all ask decide()."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from refunds.models import RefundRule


@dataclass(frozen=True)
class Terms:
    """All that the decision depends on. Amounts in minor units; `refundable` is what was paid and is
    neither refunded nor on its way."""

    starts_at: datetime
    refund_notice: timedelta
    refundable_until: datetime
    paid: int
    refundable: int
    by_business: bool
    now: datetime


@dataclass(frozen=True)
class Decision:
    """What is owed back, and by which rule."""

    amount: int
    rule: RefundRule


def decide(terms: Terms) -> Decision:
    """Until the end of free cancellation everything goes back, later nothing.

    That is the notice before the start, in elapsed hours, or later if the business moved the appointment;
    exactly then is in time. The business cancelling always gives everything back.
    """
    if terms.paid == 0:
        return Decision(0, RefundRule.NOTHING_PAID)
    if terms.by_business:
        return Decision(terms.refundable, RefundRule.BUSINESS_CANCELLED)
    if terms.now <= terms.refundable_until:
        return Decision(terms.refundable, RefundRule.IN_TIME)
    return Decision(0, RefundRule.TOO_LATE)


def receipt(terms: Terms, decision: Decision) -> dict[str, Any]:
    """The decision with all its inputs as JSON, so that anyone can replay it."""
    inputs = asdict(terms) | {
        "starts_at": _utc(terms.starts_at),
        "refund_notice": int(terms.refund_notice.total_seconds()),
        "refundable_until": _utc(terms.refundable_until),
        "now": _utc(terms.now),
    }
    return {"inputs": inputs, "amount": decision.amount, "rule": str(decision.rule)}


def terms_of(stored: dict[str, Any]) -> Terms:
    """Read the inputs of a stored receipt."""
    inputs = stored["inputs"]
    return Terms(
        starts_at=datetime.fromisoformat(inputs["starts_at"]),
        refund_notice=timedelta(seconds=inputs["refund_notice"]),
        refundable_until=datetime.fromisoformat(inputs["refundable_until"]),
        paid=inputs["paid"],
        refundable=inputs["refundable"],
        by_business=inputs["by_business"],
        now=datetime.fromisoformat(inputs["now"]),
    )


def replay(stored: dict[str, Any]) -> Decision:
    """Decide again from a stored receipt."""
    return decide(terms_of(stored))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

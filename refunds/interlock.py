"""Disputes and refunds never both pay: while a chargeback is open refunds of its payment wait.

Won, they go on; lost, they are settled by it. All of it is worked out anew from what is known, so that it
doesn't matter in which order the news came, or how often.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bookings import messages
from bookings.audit import Story
from core import jobs
from core.errors import DomainError
from payments.books import statement
from payments.models import Payment, PaymentStatus
from refunds import attempts
from refunds.account import owed
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus

# A refund that Stripe took back because the chargeback overtook it (STRIPE.md B6).
OVERTAKEN = "charge_for_pending_refund_disputed"
UNDER_WAY = (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.PENDING)
STILL_OWED = (
    RefundStatus.ON_HOLD,
    RefundStatus.NEEDS_ATTENTION,
    RefundStatus.FAILED,
    RefundStatus.CANCELED,
)


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


def enforce(story: Story, payment_id: UUID) -> None:
    """Bring a payment's refunds in line with its disputes. Call it after either of them changed."""
    disputes = list(Dispute.objects.filter(payment_id=payment_id).select_related("payment"))
    if not disputes:
        return
    payment = disputes[0].payment
    chargebacks = [dispute for dispute in disputes if dispute.is_chargeback]
    records = list(payment.refunds.order_by("requested_at", "pk"))
    if chargebacks:
        _hold(story, records)
    _settle(story, records, sum(dispute.at_stake for dispute in chargebacks if not dispute.is_open))
    if not any(dispute.is_open for dispute in chargebacks):
        _let_go(story, records, may_be_sent=not chargebacks)
    _flag(story, payment, records, chargebacks)


def _hold(story: Story, records: Sequence[RefundRecord]) -> None:
    for record in records:
        if record.status == RefundStatus.QUEUED:
            story.move(record, RefundStatus.ON_HOLD, held_for="dispute", **attempts.released())
        elif _is_owed_again(record) and record.amount <= owed(record.payment).refundable:
            # Should we win: another attempt, which mustn't be taken for this one.
            again = attempts.afresh(record) | {"held_for": "dispute"}
            story.move(record, RefundStatus.ON_HOLD, **again)


def _is_owed_again(record: RefundRecord) -> bool:
    """Not a refund made in Stripe's dashboard: it was never owed, and whoever made it is told."""
    overtaken = record.status == RefundStatus.FAILED and record.failure_reason == OVERTAKEN
    return overtaken and record.rule != RefundRule.DASHBOARD


def _settle(story: Story, records: Sequence[RefundRecord], taken: int) -> None:
    """What closed chargebacks took (minor units) pays what is owed, as far as it covers whole refunds."""
    left = taken
    for record in records:
        if record.status != RefundStatus.SETTLED_BY_DISPUTE:
            continue
        if record.amount <= left:
            left -= record.amount
        else:
            # Lost first, won in appeal: owed again.
            held_for = record.held_for or "dispute"
            story.move(record, RefundStatus.ON_HOLD, held_for=held_for, settled_at=None)
    for status in STILL_OWED:
        for record in records:
            fits = 0 < record.amount <= left and record.rule != RefundRule.DASHBOARD
            if record.status == status and fits:
                left -= record.amount
                story.move(record, RefundStatus.SETTLED_BY_DISPUTE, settled_at=story.now)


def _let_go(story: Story, records: Sequence[RefundRecord], *, may_be_sent: bool) -> None:
    """Nothing is open any more: held refunds go on, or to a person where Stripe won't refund the payment."""
    for record in records:
        if record.status != RefundStatus.ON_HOLD or record.held_for != "dispute":
            continue
        if may_be_sent:
            again = attempts.afresh(record) | attempts.released()
            story.move(record, RefundStatus.QUEUED, **again)
            jobs.wake()
        else:
            code = "not_covered_by_dispute"
            story.move(record, RefundStatus.NEEDS_ATTENTION, why={"code": code}, held_for="", last_error=code)
            about = f"{record.pk}:{record.generation}"
            messages.alert_staff(story, "refund_needs_attention", about=about, code=code, **_facts(record))


def _flag(
    story: Story, payment: Payment, records: Sequence[RefundRecord], chargebacks: Sequence[Dispute]
) -> None:
    risk = _paid_twice(payment, records, chargebacks)
    for record in records:
        may_be = risk > 0 and record.status in (*UNDER_WAY, RefundStatus.SUCCEEDED)
        if may_be == record.may_be_paid_twice:
            continue
        RefundRecord.objects.filter(pk=record.pk).update(may_be_paid_twice=may_be)
        action = "refund.may_be_paid_twice" if may_be else "refund.not_paid_twice"
        story.record(action, id=str(record.pk), at_risk=risk, currency=payment.currency)
        if may_be:
            messages.alert_staff(
                story, "refund_paid_twice", about=str(record.pk), at_risk=risk, **_facts(record)
            )


def paid_twice(payment: Payment) -> int:
    """Minor units that may have left twice, by a refund and by a chargeback; 0 where nothing did."""
    chargebacks = [dispute for dispute in payment.disputes.all() if dispute.is_chargeback]
    return _paid_twice(payment, list(payment.refunds.all()), chargebacks)


def _paid_twice(payment: Payment, records: Sequence[RefundRecord], chargebacks: Sequence[Dispute]) -> int:
    balance = statement.balance(payment.transactions.filter(currency=payment.currency))
    # As in owed(): a paid payment whose line isn't there yet counts as what was asked.
    paid = balance.paid or (payment.amount if payment.status == PaymentStatus.SUCCEEDED else 0)
    under_way = sum(record.amount for record in records if record.status in UNDER_WAY)
    charged_back = sum(dispute.at_stake for dispute in chargebacks)
    out = balance.refunded + under_way
    return min(max(out + charged_back - paid, 0), out)


def _facts(record: RefundRecord) -> dict[str, Any]:
    return {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}

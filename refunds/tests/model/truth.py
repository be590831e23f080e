"""What has to be true of every booking once things are calm, whatever happened before."""

from bookings.models import Booking
from payments.models import Payment
from refunds.models import RefundRecord, RefundStatus
from refunds.tests.workshop import chain_is_whole
from sandbox.client import Obj, Sandbox

ENDED = ("failed", "canceled")
# Where money that was not given yet may be: on its way, or in front of a person or a bank.
UNDER_WAY = (RefundStatus.PENDING, RefundStatus.ON_HOLD, RefundStatus.NEEDS_ATTENTION)
CAME_BACK = (RefundStatus.FAILED, RefundStatus.CANCELED)
CLOSED = ("superseded", "settled_by_dispute", "withdrawn", "paid_otherwise")
ALL_BACK = ("in_time", "business_cancelled", "orphaned_payment")


def check(booking: Booking, sandbox: Sandbox) -> None:
    """Raise AssertionError where Stripe, the statement, the records and the trail disagree."""
    booking.refresh_from_db()
    assert booking.status != "pending_payment", "the hold never ran out"
    assert chain_is_whole(booking)
    payments = list(booking.payments.all())
    for payment in payments:
        check_payment(payment, sandbox)
    kept = [payment for payment in payments if payment.status == "succeeded" and not payment.orphaned]
    assert len(kept) == (booking.status in ("confirmed", "completed")) or booking.status == "cancelled"
    check_nobody_is_forgotten(booking, payments)


def check_payment(payment: Payment, sandbox: Sandbox) -> None:
    intent = payment.stripe_payment_intent_id
    if intent is None:
        assert payment.status == "canceled"
        return
    (truth,) = sandbox.all("payment_intents", id=intent)
    refunds = sandbox.refunds_of(intent)
    assert (payment.status == "succeeded") == (truth["status"] == "succeeded")
    check_statement(payment, truth, refunds)
    check_disputes(payment, sandbox)
    check_records(payment, refunds)


def check_statement(payment: Payment, truth: Obj, refunds: list[Obj]) -> None:
    def sum_of(*kinds: str) -> int:
        return sum(line.amount for line in payment.transactions.filter(kind__in=kinds))

    gone = sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded")
    assert sum_of("payment") == truth["amount_received"]
    assert -sum_of("refund", "refund_returned") == gone
    assert gone <= truth["amount_received"], "the customer got more than they paid"


def check_disputes(payment: Payment, sandbox: Sandbox) -> None:
    moved = [
        transaction
        for dispute in sandbox.disputes_of(str(payment.stripe_payment_intent_id))
        for transaction in dispute["balance_transactions"]
    ]
    lines = list(payment.transactions.all())
    charged_back = sum(line.amount for line in lines if line.kind.startswith("chargeback"))
    assert charged_back == sum(transaction["amount"] for transaction in moved)
    fees = sum(line.amount for line in lines if line.kind == "dispute_fee")
    assert fees == -sum(transaction["fee"] for transaction in moved)
    kept = sum(line.amount for line in lines if line.kind != "dispute_fee")
    refunded = sum(line.amount for line in lines if line.kind.startswith("refund"))
    # Two chargebacks of one payment can take more than it brought, without our doing.
    is_flagged = payment.refunds.filter(may_be_paid_twice=True).exists()
    assert kept >= 0 or not refunded or is_flagged, "paid twice, unnoticed"


def check_records(payment: Payment, refunds: list[Obj]) -> None:
    records = list(payment.refunds.all())
    by_id = {record.stripe_refund_id: record for record in records if record.stripe_refund_id}
    for refund in refunds:
        record = by_id.pop(refund["id"], None)
        if record is None:
            assert refund["status"] in ENDED, f"nobody knows of {refund}"
            is_ours = refund["metadata"].get("refund_record") in {str(record.pk) for record in records}
            told = payment.booking.audit_entries.filter(detail__refund=refund["id"])
            assert is_ours or told.exists(), f"nobody was told of {refund}"
        elif not (refund["status"] in ENDED and record.status in CLOSED):
            assert (record.status, record.amount) == (refund["status"], refund["amount"])
    assert not by_id, "records of refunds that Stripe doesn't have"
    for record in records:
        check_sent_once(record, refunds)


def check_sent_once(record: RefundRecord, refunds: list[Obj]) -> None:
    assert record.status not in ("queued", "sending", "unknown"), "left in between"
    if record.status in ("pending", "succeeded"):
        assert record.stripe_refund_id
    mine = [refund for refund in refunds if refund["metadata"].get("refund_record") == str(record.pk)]
    alive = [refund["id"] for refund in mine if refund["status"] not in ENDED]
    assert len(alive) <= 1, "sent twice"
    assert alive in ([], [record.stripe_refund_id])


def check_both_sides(payment: Payment, records: list[RefundRecord], owes_all: bool) -> None:
    """Nobody is owed what no record gives, and nobody is given or promised more than everything."""
    paid = payment.transactions.get(kind="payment").amount
    sent = -sum(line.amount for line in payment.transactions.filter(kind__startswith="refund"))
    lost = sum(dispute.at_stake for dispute in payment.disputes.all() if not dispute.is_open)
    otherwise = sum(r.amount if r.status == "paid_otherwise" else r.paid_otherwise for r in records)
    promised = [r for r in records if not (r.rule == "goodwill" and r.held_for == "approval")]
    waiting = sum(record.amount for record in promised if record.status in UNDER_WAY)
    stranded = sum(r.amount for r in promised if r.status in CAME_BACK and r.rule != "dashboard")
    given = sent + lost + otherwise
    if owes_all:
        waived = sum(r.amount for r in records if r.status == "withdrawn" and r.rule in ALL_BACK)
        assert given + waiting + stranded + waived >= paid, "somebody is forgotten"
    is_flagged = any(record.may_be_paid_twice for record in records)
    assert given <= paid or is_flagged or not sent + otherwise, "paid twice, unnoticed"
    assert waiting == 0 or given + waiting <= paid or is_flagged, "promised more than is left"


def check_nobody_is_forgotten(booking: Booking, payments: list[Payment]) -> None:
    for payment in payments:
        records = list(payment.refunds.all())
        owes_all = payment.orphaned or any(
            record.rule in ("in_time", "business_cancelled") for record in records
        )
        if payment.status == "succeeded":
            check_both_sides(payment, records, owes_all)
        if payment.status == "succeeded" and booking.status == "cancelled" and not payment.orphaned:
            assert any(record.decision for record in records), "a cancellation without its receipt"
    for record in booking.refunds.filter(status__in=("failed", "needs_attention")):
        told = booking.messages.filter(to="staff", kind__in=("refund_failed", "refund_needs_attention"))
        assert told.exists(), f"nobody was told of {record}"

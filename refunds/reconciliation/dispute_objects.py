"""Disputes: each of Stripe's against our row, and the money it moved against the statement."""

from collections.abc import Iterator
from typing import Any

from payments import gateway
from payments.models import PaymentTransaction
from refunds.disputes import intake, reading
from refunds.disputes import money as disputes_money
from refunds.models import Dispute
from refunds.models.reconciliation import Kind
from refunds.reconciliation.payment_intents import RECONCILE
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Clock

# What each balance transaction is told as in the statement, in minor units.
Lines = dict[str, dict[str, int]]


def compare(page: list[Object]) -> Iterator[Difference]:
    """Disputes of payments that we don't know belong to others."""
    ids = [dispute["id"] for dispute in page]
    rows = {row.stripe_dispute_id: row for row in Dispute.objects.filter(stripe_dispute_id__in=ids)}
    lines = _lines(page)
    for dispute in page:
        if row := rows.get(dispute["id"]):
            yield from _compare(row, dispute, lines)
        elif payment := intake.payments_of(dispute).first():
            yield _difference(Kind.MISSING_HERE, dispute, None, dispute["status"], payment.booking_id)


def _lines(page: list[Object]) -> Lines:
    moved = {line.stripe_id for dispute in page for line in disputes_money.lines_of(dispute)}
    lines: Lines = {stripe_id: {} for stripe_id in moved}
    for line in PaymentTransaction.objects.filter(stripe_id__in=moved):
        lines[line.stripe_id][line.kind] = line.amount
    return lines


def _compare(row: Dispute, dispute: Object, lines: Lines) -> Iterator[Difference]:
    told = intake.mirror(dispute)
    ours = {name: getattr(row, name) for name in told}
    if other := [name for name in told if told[name] != ours[name]]:
        yield _difference(Kind.STATE, dispute, _words(ours, other), _words(told, other), row.booking_id)
        return
    expected = {(line.kind, line.stripe_id): line.amount for line in disputes_money.lines_of(dispute)}
    moved = {stripe_id for _, stripe_id in expected}
    told_lines = {(kind, name): amount for name in moved for kind, amount in lines[name].items()}
    if told_lines != expected:
        ours_sum, theirs = sum(told_lines.values()), sum(expected.values())
        yield _difference(Kind.AMOUNT, dispute, ours_sum, theirs, row.booking_id)


def _words(values: dict[str, Any], names: list[str]) -> dict[str, str]:
    return {name: str(values[name]) for name in names}


def _difference(kind: Kind, dispute: Object, ours: Any, theirs: Any, booking: int | None) -> Difference:
    return Difference(kind, dispute["id"], ours, theirs, booking, DISPUTE.name)


def heal(dispute: Object, clock: Clock) -> None:
    """Ask for its present state and take that in: what a list says of disputes may be overtaken."""
    intake.apply(reading.read(dispute["id"]), by=RECONCILE, now=clock())


DISPUTE = Subject("dispute", compare, heal, gateway.retrieve_dispute)

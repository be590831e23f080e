"""Money: each of Stripe's balance transactions against one line of our statement, both ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookings.audit import story_of
from bookings.models import Booking
from payments import gateway, ours
from payments.models import Payment, PaymentTransaction, TransactionKind
from refunds.disputes import intake
from refunds.disputes import money as disputes_money
from refunds.models.reconciliation import Kind
from refunds.reconciliation.account import lines
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.dispute_objects import DISPUTE
from refunds.reconciliation.payment_intents import PAYMENT_INTENT, RECONCILE, is_given_back
from refunds.reconciliation.refund_objects import REFUND, is_marked
from refunds.reconciliation.subjects import Difference, Object, Subject
from refunds.reconciliation.window import Window
from refunds.sending import matching

MOVEMENT = "movement"
# The lines that one object explains; the others are looked up as movements.
SUBJECTS = {"payment": PAYMENT_INTENT, "refund": REFUND, "refund_returned": REFUND}

Key = tuple[str, str]


@dataclass(frozen=True)
class Movement:
    """What a balance transaction says in the words of our statement: one line of it."""

    key: Key
    amount: int
    currency: str
    subject: Subject
    object_id: str
    source: Object


def compare(comparison: Comparison, window: Window) -> None:
    """Add up the drift, and heal or report every line that differs."""
    for day in window.slices():
        seen: set[Key] = set()
        for page in comparison.paced(gateway.movement_pages(*day.unix)):
            moved = [movement for row in page for movement in _read(comparison, row)]
            comparison.tally.seen[MOVEMENT] += len(page)
            lines.take_in(comparison, page)
            seen |= {movement.key for movement in moved}
            _compare(comparison, _ours(moved))
        _confirm(comparison, day, seen)


def _read(comparison: Comparison, row: Object) -> list[Movement]:
    moved: list[Movement] = []
    with comparison.alone(Difference(Kind.STATE, row["id"], None, "not read", None, lines.BALANCE_LINE.name)):
        moved += _movements(row)
    return moved


def _movements(row: Object) -> Iterator[Movement]:
    """In the currency of the sale: Stripe books in the one that the account settles in."""
    source = row["source"]
    if not isinstance(source, dict):
        return  # payouts and Stripe's own fees have nothing to do with a booking
    intent = str(source.get("payment_intent") or "")
    if source["object"] == "charge" and row["reporting_category"] == "charge" and intent:
        key = (TransactionKind.PAYMENT.value, intent)
        amount = source["amount_captured"]
        yield Movement(key, amount, source["currency"], PAYMENT_INTENT, intent, source)
    elif source["object"] == "refund" and row["reporting_category"] in ("refund", "refund_failure"):
        back = row["reporting_category"] == "refund_failure"
        kind = TransactionKind.REFUND_RETURNED if back else TransactionKind.REFUND
        amount = source["amount"] if back else -source["amount"]
        yield Movement((kind.value, source["id"]), amount, source["currency"], REFUND, source["id"], source)
    elif source["object"] == "dispute":
        alone = {**source, "balance_transactions": [row]}
        for line in disputes_money.lines_of(alone):
            key = (line.kind.value, line.stripe_id)
            yield Movement(key, line.amount, line.currency, DISPUTE, source["id"], alone)


def _ours(moved: list[Movement]) -> list[Movement]:
    """Those of payments that we know or marked; the account may serve others, too."""
    intents = {str(movement.source.get("payment_intent") or "") for movement in moved}
    known = set(
        Payment.objects.filter(stripe_payment_intent_id__in=intents).values_list(
            "stripe_payment_intent_id", flat=True
        )
    )
    return [m for m in moved if m.source.get("payment_intent") in known or _is_marked(m)]


def _is_marked(movement: Movement) -> bool:
    if movement.subject is DISPUTE:
        return bool(intake.payments_of(movement.source).exists())
    if movement.subject is REFUND:
        return is_marked(movement.source)
    return ours.is_marked(movement.source, ours.PAYMENT) and not is_given_back(movement.source)


def _compare(comparison: Comparison, moved: list[Movement]) -> None:
    lines = _lines(moved)
    for movement in moved:
        comparison.tally.drift_by(0, movement.currency)
        if _agrees(movement, lines) or _agrees(movement, _lines([movement])):
            continue  # the second look: healing one line of a refund or dispute brings its others
        theirs = f"{movement.amount} {movement.currency}"
        unseen = Difference(Kind.AMOUNT, movement.object_id, None, theirs, None, movement.subject.name)
        with comparison.alone(unseen):
            _heal(comparison, movement)
        _count_drift(comparison, movement)


def _heal(comparison: Comparison, movement: Movement) -> None:
    comparison.look_up(movement.subject, movement.object_id, booking=None, ours="")
    if movement.key[0] == TransactionKind.DISPUTE_FEE and not comparison.dry_run:
        _write_fee(movement, comparison.now)


def _write_fee(movement: Movement, now: datetime) -> None:
    """A fee that is a line of its own isn't listed with the dispute that it is for."""
    for payment in intake.payments_of(movement.source)[:1]:
        bookings = Booking.objects.filter(pk=payment.booking_id)
        with story_of(bookings, by=RECONCILE, now=now) as story:
            disputes_money.write_lines(story, payment, movement.source)


def _lines(moved: list[Movement]) -> dict[Key, PaymentTransaction]:
    ids = {movement.key[1] for movement in moved}
    return {
        (line.kind, line.stripe_id): line for line in PaymentTransaction.objects.filter(stripe_id__in=ids)
    }


def _agrees(movement: Movement, lines: dict[Key, PaymentTransaction]) -> bool:
    line = lines.get(movement.key)
    if line is not None:
        return (line.amount, line.currency) == (movement.amount, movement.currency)
    # It went out and came back before we looked: to the statement nothing moved.
    pair = [
        (kind.value, movement.object_id) for kind in (TransactionKind.REFUND, TransactionKind.REFUND_RETURNED)
    ]
    came_back = movement.subject is REFUND and matching.has_ended(movement.source)
    return came_back and not any(key in lines for key in pair)


def _count_drift(comparison: Comparison, movement: Movement) -> None:
    lines = _lines([movement])
    if _agrees(movement, lines):
        return
    if line := lines.get(movement.key):
        comparison.tally.drift_by(line.amount, line.currency)
    comparison.tally.drift_by(-movement.amount, movement.currency)


def _confirm(comparison: Comparison, day: Window, seen: set[Key]) -> None:
    """Our lines of this day that Stripe did not list: each is asked for by its own id."""
    lines = PaymentTransaction.objects.filter(occurred_at__gte=day.since, occurred_at__lt=day.until)
    keys = lines.order_by("id").values_list("pk", "kind", "stripe_id")
    unseen = [pk for pk, kind, stripe_id in keys.iterator() if (kind, stripe_id) not in seen]
    for pk in unseen:
        line = PaymentTransaction.objects.get(pk=pk)
        ours, name = f"{line.amount} {line.currency}", _subject_name(line)
        with comparison.alone(Difference(Kind.STATE, line.stripe_id, ours, None, line.booking_id, name)):
            _confirm_line(comparison, line, ours)


def _subject_name(line: PaymentTransaction) -> str:
    subject = SUBJECTS.get(line.kind)
    return subject.name if subject else MOVEMENT


def _confirm_line(comparison: Comparison, line: PaymentTransaction, ours: str) -> None:
    subject = SUBJECTS.get(line.kind)
    before = set(comparison.tally.found)
    if subject is not None:
        comparison.look_up(subject, line.stripe_id, booking=line.booking_id, ours=ours)
    else:
        _look_up_movement(comparison, line, ours)
    if (Kind.MISSING_THERE, line.stripe_id) in set(comparison.tally.found) - before:
        comparison.tally.drift_by(line.amount, line.currency)


def _look_up_movement(comparison: Comparison, line: PaymentTransaction, ours: str) -> None:
    try:
        gateway.retrieve_movement(line.stripe_id)
    except gateway.Refused as error:
        if not error.is_missing:
            raise
        kind: Any = Kind.MISSING_THERE
        comparison.tally.keep(Difference(kind, line.stripe_id, ours, None, line.booking_id, MOVEMENT))

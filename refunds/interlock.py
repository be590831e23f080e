"""What a payment's refunds may give is worked out anew whenever something about its money changed.

Disputes and refunds never both pay: while a chargeback is open refunds wait; won, they go on; lost, it has
given what it took. What was given otherwise isn't given again, and what was covered and isn't any more is
owed again. All of it follows from the account, so it doesn't matter in which order the news came.
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bookings import messages
from bookings.audit import Story
from core.errors import DomainError
from core.work import jobs
from payments.models import Payment
from refunds import account, attempts
from refunds.account import Books
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus
from refunds.opening import open_record

# A refund that Stripe took back because the chargeback overtook it (STRIPE.md B6).
OVERTAKEN = "charge_for_pending_refund_disputed"
GONE_OUT = (*account.UNDER_WAY, RefundStatus.SUCCEEDED, RefundStatus.PAID_OTHERWISE)
NOT_COVERED = "not_covered_by_dispute"


def chargeback_of(payment: Payment) -> Dispute | None:
    """The dispute that keeps this payment from being refunded; inquiries and won disputes don't."""
    return payment.disputes.filter(is_charge_refundable=False).first()


def refuse_if_disputed(payment: Payment) -> None:
    """Raise DomainError payment_disputed while a chargeback of this payment is open or lost.

    For every refund that a person starts (goodwill, retry, approval), under the booking's lock.
    """
    if dispute := chargeback_of(payment):
        detail = _("This payment is disputed (%(status)s): a refund now would be paid on top of it.") % {
            "status": dispute.status
        }
        raise DomainError("payment_disputed", detail)


def enforce(story: Story, payment_id: UUID) -> None:
    """Bring a payment's refunds in line with its account. Call it after anything of its money changed."""
    enforce_for(story, Payment.objects.get(pk=payment_id))


def enforce_for(story: Story, payment: Payment) -> None:
    """The same for a payment that was just read under the lock."""
    books = account.read(payment)
    if not account.add_up(books).paid:
        return
    _cut(story, books)
    _bring_back(story, books)
    if any(dispute.is_open for dispute in _chargebacks(books)):
        _hold(story, books)
    else:
        _let_go(story, books)
    _flag(story, books)


def _chargebacks(books: Books) -> list[Dispute]:
    return [dispute for dispute in books.disputes if dispute.is_chargeback]


def _cut(story: Story, books: Books) -> None:
    """End what was given in another way, or make it less."""
    for record in books.records:
        left = account.shares(books).get(record.pk)
        if left == 0:
            _end(story, books, record)
        elif left is not None and left < record.amount and not record.stripe_refund_id:
            # What came back keeps the amount that Stripe has of it until it is sent again.
            attempts.trim(story, record, left)
    for record in books.records:
        ended = record.status in (RefundStatus.FAILED, RefundStatus.CANCELED)
        if ended and record.rule == RefundRule.DASHBOARD and not _has_room(books):
            _end(story, books, record)


def _has_room(books: Books) -> bool:
    sums = account.add_up(books)
    return sums.refundable > sum(account.shares(books).values()) + max(account.missing(books), 0)


def _end(story: Story, books: Books, record: RefundRecord) -> None:
    settled = [other for other in books.records if other.status == RefundStatus.SETTLED_BY_DISPUTE]
    by_disputes = account.add_up(books).charged_back - sum(other.amount for other in settled)
    if record.rule != RefundRule.DASHBOARD and record.amount <= by_disputes:
        story.move(record, RefundStatus.SETTLED_BY_DISPUTE, settled_at=story.now, **attempts.released())
    else:
        story.move(record, RefundStatus.SUPERSEDED, **attempts.released())


def _bring_back(story: Story, books: Books) -> None:
    """An obligation that was covered and isn't any more, or that nobody wrote down, is owed again."""
    for record in _covered(books):
        left = account.missing(books)
        if left > 0:
            # Whatever holds it up lets it go from there.
            held = {"held_for": "dispute", "amount": min(record.amount, left)}
            story.move(record, RefundStatus.ON_HOLD, **attempts.afresh(record) | attempts.released() | held)
            if not _chargebacks(books):
                _send_on(story, record)
    left = account.missing(books)
    if left > 0:
        books.records.append(_open_rest(story, books, left))


def _covered(books: Books) -> list[RefundRecord]:
    """What may come back, first what is owed by rule. Where everything is, goodwill was a part of that."""
    everything = account.owes_everything(books)

    def may(record: RefundRecord) -> bool:
        if record.rule == RefundRule.DASHBOARD or record.held_for == "approval":
            return False
        was_part = everything and record.rule not in account.OWED_BY_RULE
        if record.status == RefundStatus.SUPERSEDED:
            return not was_part
        return record.status == RefundStatus.SETTLED_BY_DISPUTE

    return sorted(filter(may, books.records), key=lambda record: record.rule not in account.OWED_BY_RULE)


def _open_rest(story: Story, books: Books, amount: int) -> RefundRecord:
    rule, first = _obligation(books)
    is_held = bool(_chargebacks(books))
    sums = account.add_up(books)
    return open_record(
        story,
        books.payment,
        amount=amount,
        currency=first.currency if first else "",
        rule=rule,
        status=RefundStatus.ON_HOLD if is_held else RefundStatus.QUEUED,
        held_for="dispute" if is_held else "",
        decision={"owed": sums.owed, "given": sums.given, "on_its_way": sums.on_its_way},
        rest_of=first,
    )


def _obligation(books: Books) -> tuple[RefundRule, RefundRecord | None]:
    """By which rule something is owed, and the record that said so first."""
    wanted: tuple[str, ...] = (RefundRule.GOODWILL,)
    if books.payment.orphaned:
        wanted = (RefundRule.ORPHANED_PAYMENT,)
    elif account.owes_everything(books):
        wanted = account.EVERYTHING_BACK
    promises = [r for r in books.records if r.rest_of_id is None and not account.is_only_asked(r)]
    first = next((record for record in promises if record.rule in wanted), None)
    return RefundRule(first.rule if first else wanted[0]), first


def _hold(story: Story, books: Books) -> None:
    """A refund that came back waits, too: the customer may be asking their bank for the same money."""
    for record in books.records:
        if record.status == RefundStatus.QUEUED:
            story.move(record, RefundStatus.ON_HOLD, held_for="dispute", **attempts.released())
        elif record.status in account.STRANDED and account.is_owed_again(record):
            # Should we win: another attempt, which mustn't be taken for this one.
            again = attempts.afresh(record) | {"amount": account.shares(books)[record.pk]}
            story.move(record, RefundStatus.ON_HOLD, **again | {"held_for": "dispute"})


def _let_go(story: Story, books: Books) -> None:
    """Nothing is open any more: held refunds go on, or to a person where Stripe won't refund the payment."""
    is_refused = bool(_chargebacks(books))
    for record in books.records:
        is_held = record.status == RefundStatus.ON_HOLD and record.held_for == "dispute"
        if is_held and not is_refused:
            _send_on(story, record)
        elif is_refused and (is_held or record.status == RefundStatus.QUEUED):
            fields = attempts.released() | {"held_for": "", "last_error": NOT_COVERED, "first_sent_at": None}
            story.move(record, RefundStatus.NEEDS_ATTENTION, why={"code": NOT_COVERED}, **fields)
            about = f"{record.pk}:{record.generation}"
            messages.alert_staff(
                story, "refund_needs_attention", about=about, code=NOT_COVERED, **_facts(record)
            )


def _send_on(story: Story, record: RefundRecord) -> None:
    again = attempts.afresh(record) | attempts.released()
    if record.asked_by and not record.approved_by_id:
        story.move(record, RefundStatus.ON_HOLD, **again | {"held_for": "approval"})
    else:
        story.move(record, RefundStatus.QUEUED, **again)
        jobs.wake()


def _flag(story: Story, books: Books) -> None:
    risk = account.add_up(books).too_much
    for record in books.records:
        may_be = risk > 0 and (record.status in GONE_OUT or account.is_uncertain(record))
        is_more = may_be and risk > (record.twice_acknowledged or risk)
        if may_be == record.may_be_paid_twice and not is_more:
            continue
        RefundRecord.objects.filter(pk=record.pk).update(may_be_paid_twice=may_be, twice_acknowledged=None)
        record.may_be_paid_twice, record.twice_acknowledged = may_be, None
        action = "refund.may_be_paid_twice" if may_be else "refund.not_paid_twice"
        story.record(action, id=str(record.pk), at_risk=risk, currency=books.payment.currency)
        if may_be:
            about = f"{record.pk}:{risk}" if is_more else str(record.pk)
            messages.alert_staff(story, "refund_paid_twice", about=about, at_risk=risk, **_facts(record))


def paid_twice(payment: Payment) -> int:
    """Minor units that may have left twice, by a refund and in another way; 0 where nothing did."""
    return account.of(payment).too_much


def _facts(record: RefundRecord) -> dict[str, Any]:
    return {"amount": record.amount, "currency": record.currency, "record": str(record.pk)}

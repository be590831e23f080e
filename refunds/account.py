"""What a payment owes, has given and still waits for: added up here, and read by all that hangs on it.

Pure but for read(): from the statement's sums, the records, the disputes and the decision that was stored
when the booking was cancelled. All amounts are minor units.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bookings.models import Booking
from payments.books import statement
from payments.models import Payment, PaymentStatus
from refunds.models import Dispute, RefundRecord, RefundRule, RefundStatus

# Rules by which everything is owed back; the others are somebody's kindness, or Stripe's dashboard.
EVERYTHING_BACK = (RefundRule.IN_TIME, RefundRule.BUSINESS_CANCELLED)
OWED_BY_RULE = (*EVERYTHING_BACK, RefundRule.ORPHANED_PAYMENT)
UNDER_WAY = (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.PENDING)
# Stripe won't do more with these by itself.
STRANDED = (RefundStatus.FAILED, RefundStatus.CANCELED, RefundStatus.NEEDS_ATTENTION)
NOT_OUT = (RefundStatus.QUEUED, RefundStatus.ON_HOLD, *STRANDED)
# Ended because the money was given in another way; should that be undone they are owed again.
COVERED = (RefundStatus.SUPERSEDED, RefundStatus.SETTLED_BY_DISPUTE)


@dataclass(frozen=True)
class Books:
    """All that the account is made of. The records are oldest first."""

    payment: Payment
    balance: statement.Balance
    records: list[RefundRecord]
    disputes: Sequence[Dispute]


@dataclass(frozen=True)
class Account:
    """One payment, added up.

    `owed` is in all, `at_stake` what open chargebacks may still take. `waiting` is promised and can still be
    called back, `asked` waits for approval and is promised to nobody.
    """

    paid: int
    owed: int
    refunded: int
    otherwise: int
    charged_back: int
    at_stake: int
    on_its_way: int
    waiting: int
    asked: int

    @property
    def given(self) -> int:
        """What the customer has, each once: by refund, by other means, by chargebacks that are over."""
        return self.refunded + self.otherwise + self.charged_back

    @property
    def refundable(self) -> int:
        """What "everything back" means now: an open chargeback holds it up, but doesn't change it."""
        return max(self.paid - self.given - self.on_its_way, 0)

    @property
    def left(self) -> int:
        """What is still owed and has not gone out."""
        return max(min(self.owed, self.paid) - self.given - self.on_its_way, 0)

    @property
    def kept(self) -> int:
        """What is really here to give away as goodwill."""
        return max(self.refundable - self.waiting - self.asked - self.at_stake, 0)

    @property
    def too_much(self) -> int:
        """What may have left twice. Refunds alone never do that: Stripe refuses more than was paid."""
        ours = min(self.refunded + self.on_its_way, self.paid) + self.otherwise
        return min(max(ours + self.charged_back + self.at_stake - self.paid, 0), ours)


def kept_payment(booking: Booking) -> Payment | None:
    """The payment that pays for this booking, if it was paid."""
    return booking.payments.filter(status=PaymentStatus.SUCCEEDED, orphaned=False).first()


def read(payment: Payment) -> Books:
    """Read what the account of a payment is made of; under the booking's lock if something hangs on it."""
    return Books(
        payment=payment,
        balance=statement.balance(payment.transactions.all()),
        records=list(payment.refunds.order_by("requested_at", "pk")),
        disputes=list(payment.disputes.all()),
    )


def of(payment: Payment) -> Account:
    """The account of a payment as it stands in the database."""
    return add_up(read(payment))


def add_up(books: Books) -> Account:
    """The account."""
    records, chargebacks = books.records, [d for d in books.disputes if d.is_chargeback]
    return Account(
        paid=_paid(books),
        owed=_owed(books),
        refunded=books.balance.refunded,
        otherwise=sum(_otherwise(record) for record in records),
        charged_back=sum(dispute.at_stake for dispute in chargebacks if not dispute.is_open),
        at_stake=sum(dispute.at_stake for dispute in chargebacks if dispute.is_open),
        on_its_way=sum(record.amount for record in records if is_on_its_way(record)),
        waiting=sum(record.amount for record in records if _is_waiting(record)),
        asked=sum(record.amount for record in records if is_only_asked(record)),
    )


def _paid(books: Books) -> int:
    # As in the database's own rule: without its line yet, a paid payment counts as what was asked.
    asked = books.payment.amount if books.payment.status == PaymentStatus.SUCCEEDED else 0
    return books.balance.paid or asked


def _owed(books: Books) -> int:
    records = books.records
    if owes_everything(books):
        withdrawn = [r for r in records if r.status == RefundStatus.WITHDRAWN and r.rule in OWED_BY_RULE]
        return max(_paid(books) - sum(record.amount for record in withdrawn), 0)
    waived = sum(r.amount for r in records if r.rest_of_id and r.status == RefundStatus.WITHDRAWN)
    return max(sum(_promised(record) for record in records) - waived, 0)


def owes_everything(books: Books) -> bool:
    """Whether the policy gives back all that was paid. Its stored decision says so, not a rule's name."""
    return books.payment.orphaned or any(
        record.rule in EVERYTHING_BACK and "inputs" in record.decision for record in books.records
    )


def _promised(record: RefundRecord) -> int:
    """What a record promised in the first place; a stand-in for a part of another promised nothing."""
    if record.rest_of_id or is_only_asked(record) or record.status in (RefundStatus.WITHDRAWN, "not_due"):
        return 0
    if record.rule == RefundRule.DASHBOARD:
        ended = (*COVERED, RefundStatus.FAILED, RefundStatus.CANCELED)
        return 0 if record.status in ended else record.amount
    if record.status in COVERED and record.held_for == "approval":
        return 0
    return max(int(record.decision.get("amount") or 0), record.amount)


def _otherwise(record: RefundRecord) -> int:
    """Given by other means; also where Stripe sent it after all, later."""
    return record.amount if record.status == RefundStatus.PAID_OTHERWISE else record.paid_otherwise


def is_on_its_way(record: RefundRecord) -> bool:
    """Whether it is, or may be, at Stripe: nobody can call it back."""
    return record.status in UNDER_WAY or is_uncertain(record)


def is_uncertain(record: RefundRecord) -> bool:
    """Given up before Stripe said what became of it."""
    return record.status == RefundStatus.NEEDS_ATTENTION and record.first_sent_at is not None


def is_only_asked(record: RefundRecord) -> bool:
    """Goodwill that a second person hasn't agreed to: no promise, and the customer knows nothing of it."""
    waits = record.rule == RefundRule.GOODWILL and record.held_for == "approval"
    return waits and record.status == RefundStatus.ON_HOLD


def was_only_asked(record: RefundRecord) -> bool:
    """The same, and what ended before anybody agreed to it."""
    unheard = (RefundStatus.ON_HOLD, RefundStatus.WITHDRAWN, *COVERED)
    waits = record.rule == RefundRule.GOODWILL and record.held_for == "approval"
    return waits and record.status in unheard


def is_owed_again(record: RefundRecord) -> bool:
    """Whether it was promised, and can go out, or be called back, or a person must look.

    A refund of Stripe's dashboard that ended was never owed: whoever made it is told.
    """
    if is_only_asked(record) or is_uncertain(record) or record.status not in NOT_OUT:
        return False
    ended = record.status in (RefundStatus.FAILED, RefundStatus.CANCELED)
    return not (ended and record.rule == RefundRule.DASHBOARD)


def _is_waiting(record: RefundRecord) -> bool:
    """What staff can't give away a second time. Of what came back they may give a part in another way."""
    return is_owed_again(record) and record.status not in (RefundStatus.FAILED, RefundStatus.CANCELED)


def shares(books: Books) -> dict[UUID, int]:
    """How much of what is left each record may still give, those first that are nearest to going out."""
    left, kept = add_up(books).left, {}
    for record in sorted(filter(is_owed_again, books.records), key=_precedence):
        kept[record.pk] = min(record.amount, left)
        left -= kept[record.pk]
    return kept


def _precedence(record: RefundRecord) -> tuple[Any, ...]:
    ready = (RefundStatus.QUEUED, RefundStatus.ON_HOLD)
    order = 0 if record.status in ready else 1 + STRANDED[::-1].index(RefundStatus(record.status))
    return order, record.rule not in OWED_BY_RULE, record.rest_of_id is not None, record.requested_at


def to_come(books: Books) -> dict[UUID, int]:
    """What each record has still to give: what is on its way, or its share of what is left."""
    going = {record.pk: record.amount for record in books.records if is_on_its_way(record)}
    return going | {key: share for key, share in shares(books).items() if share}


def share_of(books: Books, record: RefundRecord) -> int:
    """How much this record may give if it is the next to go out."""
    ready = copy.copy(record)
    ready.status, ready.held_for, ready.first_sent_at = RefundStatus.QUEUED, "", None
    besides = [other for other in books.records if other.pk != record.pk]
    others = Books(books.payment, books.balance, [*besides, ready], books.disputes)
    sums = add_up(others)
    firm = sum(other.amount for other in besides if _is_waiting(other))
    return max(min(record.amount, sums.left - firm), 0)


def missing(books: Books) -> int:
    """What is owed and no record gives: an obligation that was covered and isn't any more."""
    return add_up(books).left - sum(shares(books).values())

"""How staff end a dispute: accept it, refund an inquiry, or close it with a note. Each works once.

All raise DomainError in words for staff. Reasons are kept with the dispute; the trail holds no free text.
"""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.audit import By, Story
from core.errors import DomainError
from payments import gateway
from refunds import account
from refunds.disputes import intake
from refunds.disputes import words as disputes_words
from refunds.disputes.gate import WHILE_AT_STRIPE, answerable, change, locked, staff_id, stripe_answers
from refunds.models import Dispute, EarlyFraudWarning, RefundRecord
from refunds.staff import actions as staff_actions


def accept(dispute: Dispute, *, reason: str, by: By, now: datetime) -> None:
    """Give in: the dispute is lost for good, and the customer keeps the money."""
    with answerable(dispute, by=by, now=now) as (story, row):
        change(row, handing_in_until=now + WHILE_AT_STRIPE, resolution=_required(reason))
        story.record("dispute.accepting", id=str(row))
    refusal = _give_in(row)
    with stripe_answers():
        intake.renew(str(row), by=by, now=now)
    with locked(dispute, by=by, now=now) as (story, row):
        if row.is_open:
            change(row, handing_in_until=None, resolution="")
            story.record("dispute.not_accepted", id=str(row))
        else:
            _resolve(story, row, reason, "accepted")
    if row.is_open:
        raise DomainError(
            "not_accepted", _("Stripe did not accept that (%(why)s). Try again.") % {"why": refusal}
        )


def _give_in(row: Dispute) -> str:
    """What became of it is asked for afterwards, whatever Stripe answers."""
    try:
        gateway.accept_dispute(str(row))
    except gateway.StripeFailure as error:
        return error.code
    return _("no reason given")


def refund_inquiry(dispute: Dispute, *, reason: str, key: uuid.UUID, by: By, now: datetime) -> RefundRecord:
    """Give back all that is kept of the payment: that ends an inquiry, and nothing is charged back.

    `key` becomes the refund's id, so that the same form sent twice makes one refund.
    """
    with locked(dispute, by=by, now=now) as (story, row):
        refuse_unless_inquiry(row)
    kept = account.of(row.payment).kept
    record = staff_actions.goodwill(
        row.payment, amount=kept, reason=_required(reason), key=key, by=by, now=now
    )
    with locked(dispute, by=by, now=now) as (story, row):
        # Until another person approves it nothing has ended.
        if row.resolved_at is None and record.held_for != "approval":
            _resolve(story, row, reason, "refunded")
    return record


def refuse_unless_inquiry(row: Dispute) -> None:
    """Raise DomainError dispute_closed, payment_disputed or too_much unless a refund ends it."""
    if not row.is_open:
        raise DomainError(
            "dispute_closed", _("This dispute is closed. %(state)s.") % {"state": disputes_words.state(row)}
        )
    if row.is_chargeback:
        raise DomainError("payment_disputed", _("The bank has taken the money: a refund would pay twice."))
    if not account.of(row.payment).kept:
        raise DomainError("too_much", _("Nothing is kept of this payment: it is refunded or on its way."))


def close_with_note(dispute: Dispute, *, note: str, by: By, now: datetime) -> None:
    """Write down what was done about it; for Stripe and the bank nothing changes, but reminders end."""
    with locked(dispute, by=by, now=now) as (story, row):
        if row.resolved_at:
            raise DomainError("already_closed", _("Somebody has closed it with a note already."))
        _resolve(story, row, note, "resolved")


def leave(dispute: Dispute, *, note: str, by: By, now: datetime) -> None:
    """Don't fight: nobody answers, and Stripe is told not to answer by itself either."""
    with answerable(dispute, by=by, now=now) as (story, row):
        if row.resolved_at:
            raise DomainError("already_closed", _("Somebody has closed it with a note already."))
        _required(note)
    if row.intended_submission_method:
        with stripe_answers():
            gateway.answer_by_hand(str(row))
            intake.renew(str(row), by=by, now=now)
    with answerable(dispute, by=by, now=now) as (story, row):
        _resolve(story, row, note, "left")


def _resolve(story: Story, row: Dispute, reason: str, how: str) -> None:
    fields = {"resolution": _required(reason), "resolved_by_id": staff_id(story.by), "resolved_at": story.now}
    change(row, handing_in_until=None, **fields)
    story.record(f"dispute.{how}", id=str(row))


def refund_first(
    warning: EarlyFraudWarning, *, reason: str, key: uuid.UUID, by: By, now: datetime
) -> RefundRecord:
    """Give a suspected payment back before it becomes a chargeback with a fee."""
    kept = account.of(warning.payment).kept
    return staff_actions.goodwill(
        warning.payment, amount=kept, reason=_required(reason), key=key, by=by, now=now
    )


def _required(reason: str) -> str:
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why."), status=400)
    return reason.strip()

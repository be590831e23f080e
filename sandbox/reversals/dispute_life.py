"""What becomes of a dispute: opened, money withdrawn, decided, closed."""

from functools import partial

from sandbox.account import balance
from sandbox.cards.card_stories import Complaint
from sandbox.events import events
from sandbox.request.errors import StripeError
from sandbox.reversals import enhanced, fraud_warnings, refund_life
from sandbox.reversals.dispute_shape import ANSWER_SECONDS, new_dispute
from sandbox.store.shelf import Obj
from sandbox.store.state import State, snapshot

FEE = 1500
# A refund this young is taken back when a chargeback comes; an older one stays.
RACE_SECONDS = 60
CLOSED = ("won", "lost", "warning_closed", "prevented")
_REFUNDABLE = ("won", "warning_needs_response", "warning_under_review", "warning_closed")


def start(state: State, charge: Obj, complaint: Complaint, *, amount: int | None = None) -> Obj:
    """The customer disputes the charge; a chargeback takes the money at once."""
    inquiry = complaint.case == "inquiry"
    dispute = new_dispute(state, charge, complaint, charge["amount"] if amount is None else amount)
    dispute["status"] = "warning_needs_response" if inquiry else "needs_response"
    state.disputes.add(dispute)
    charge["disputed"] = True
    if not inquiry:
        _withdraw(state, dispute)
        _take_back_young_refunds(state, charge)
    dispute["is_charge_refundable"] = inquiry
    events.emit(state, "charge.dispute.created", dispute)
    if not inquiry:
        events.emit(state, "charge.dispute.funds_withdrawn", dispute)
    fraud_warnings.settle(state, charge)
    _plan_end(state, dispute)
    return dispute


def _withdraw(state: State, dispute: Obj) -> None:
    _book(state, dispute, -dispute["amount"], FEE, "Chargeback withdrawal")


def _book(state: State, dispute: Obj, amount: int, fee: int, words: str) -> None:
    transaction = balance.book(
        state,
        "adjustment",
        dispute,
        amount,
        fee=fee,
        description=f"{words} for {dispute['charge']}",
    )
    dispute["balance_transactions"] = [*dispute["balance_transactions"], transaction]


def _take_back_young_refunds(state: State, charge: Obj) -> None:
    oldest = state.clock.now() - RACE_SECONDS
    for refund in state.refunds.where(charge=charge["id"]):
        if refund["status"] in refund_life.OPEN or refund["created"] >= oldest:
            reason = "charge_for_pending_refund_disputed"
            state.clock.soon(partial(refund_life.fail, state, refund, reason))


def blocks_refund(state: State, charge: Obj) -> bool:
    """Has the charge been charged back, and is that open or lost?"""
    disputes = state.disputes.where(charge=charge["id"])
    return any(not dispute["is_charge_refundable"] for dispute in disputes)


def check_open(dispute: Obj) -> None:
    """A closed dispute refuses every change."""
    if dispute["status"] in CLOSED:
        raise StripeError("This dispute is already closed")


def in_appeal(dispute: Obj) -> bool:
    """Lost, and Stripe lets us ask once more."""
    return str(dispute["status"]).startswith("appeal_")


def check_submittable(dispute: Obj) -> None:
    """Stripe takes the evidence as it is."""
    if dispute["status"] == "appeal_under_review":
        raise StripeError("The appeal has already been submitted.")
    if dispute["intended_submission_method"] == "smart_disputes":
        message = "Smart Disputes isn't available for this dispute."
        raise StripeError(message, code="smart_disputes_not_available")
    enhanced.check_submittable(dispute)


def submit(state: State, dispute: Obj, method: str = "manual") -> None:
    """The evidence goes to the bank; what `check_submittable` refuses isn't asked here."""
    stage = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
    if in_appeal(dispute):
        dispute["status"] = "appeal_under_review"
    else:
        details = enhanced.judged(dispute["evidence_details"])
        counted = {"submission_count": 1, "submission_method": method}
        dispute["evidence_details"] = {**details, **counted}
        dispute["status"] = stage.get(dispute["status"], dispute["status"])
    state.clock.soon(lambda: _decide(state, dispute))


def _decide(state: State, dispute: Obj) -> None:
    """Stripe's test evidence decides; any other text leaves it to the control calls."""
    if not dispute["status"].endswith("under_review"):
        return
    words = dispute["evidence"]["uncategorized_text"]
    if words == "winning_evidence":
        win(state, dispute)
    elif words == "losing_evidence":
        lose(state, dispute)
    elif words == "escalate_inquiry_evidence" and dispute["status"] == "warning_under_review":
        escalate(state, dispute)


def open_appeal(state: State, dispute: Obj) -> None:
    """Lost, but Stripe lets us appeal, with a new time to answer."""
    if dispute["status"] != "lost":
        raise StripeError("Only a lost dispute can be appealed.")
    due_by = state.clock.now() + ANSWER_SECONDS
    dispute["evidence_details"] = {**dispute["evidence_details"], "due_by": due_by, "past_due": False}
    move(state, dispute, "appeal_needs_response")
    _plan_end(state, dispute)


def move(state: State, dispute: Obj, status: str) -> None:
    """A new status and its `updated` event; any text, as Stripe may add more."""
    state.watch.made_up.add(status)
    before = snapshot(dispute)
    dispute["status"] = status
    dispute["is_charge_refundable"] = status in _REFUNDABLE
    events.emit(state, "charge.dispute.updated", dispute, before=before)


def win(state: State, dispute: Obj) -> None:
    """The bank decides for us: the money comes back, the fee doesn't."""
    check_open(dispute)
    if _is_inquiry(dispute):
        _close(state, dispute, "warning_closed")
        return
    _book(state, dispute, dispute["amount"], 0, "Chargeback reversal")
    _close(state, dispute, "won")
    events.emit(state, "charge.dispute.funds_reinstated", dispute)


def lose(state: State, dispute: Obj) -> None:
    """The bank decides for the customer, or we accept."""
    check_open(dispute)
    _close(state, dispute, "warning_closed" if _is_inquiry(dispute) else "lost")


def prevent(state: State, dispute: Obj) -> None:
    """Resolved before it became a chargeback of record; the money comes back."""
    check_open(dispute)
    if not _is_inquiry(dispute):
        _book(state, dispute, dispute["amount"], 0, "Chargeback reversal")
    _close(state, dispute, "prevented")


def escalate(state: State, dispute: Obj) -> None:
    """An inquiry becomes a chargeback, with a new time to answer."""
    check_open(dispute)
    if not _is_inquiry(dispute):
        raise StripeError("Only an inquiry can be escalated.")
    details = dispute["evidence_details"]
    dispute["evidence_details"] = {
        **details,
        "due_by": state.clock.now() + ANSWER_SECONDS,
        "submission_count": 0,
    }
    _withdraw(state, dispute)
    move(state, dispute, "needs_response")
    events.emit(state, "charge.dispute.funds_withdrawn", dispute)
    _plan_end(state, dispute)


def close_inquiry(state: State, dispute: Obj) -> None:
    """The bank asks no more."""
    check_open(dispute)
    if not _is_inquiry(dispute):
        raise StripeError("Only an inquiry can be closed this way.")
    _close(state, dispute, "warning_closed")


def close_refunded_inquiries(state: State, charge: Obj) -> None:
    """Refunded in full: an inquiry has nothing left to ask."""
    for dispute in state.disputes.where(charge=charge["id"]):
        if _is_inquiry(dispute):
            _close(state, dispute, "warning_closed")


def _is_inquiry(dispute: Obj) -> bool:
    return dispute["status"] in ("warning_needs_response", "warning_under_review")


def _close(state: State, dispute: Obj, status: str) -> None:
    before = snapshot(dispute)
    dispute["status"] = status
    dispute["is_charge_refundable"] = status in _REFUNDABLE
    events.emit(state, "charge.dispute.closed", dispute, before=before)


def set_due_by(state: State, dispute: Obj, due_by: int) -> None:
    """Another time to answer by (seconds since the epoch); 0 allows no answer."""
    check_open(dispute)
    before = snapshot(dispute)
    dispute["evidence_details"] = {**dispute["evidence_details"], "due_by": due_by}
    events.emit(state, "charge.dispute.updated", dispute, before=before)
    _plan_end(state, dispute)


def _plan_end(state: State, dispute: Obj) -> None:
    due_by = dispute["evidence_details"]["due_by"]
    if due_by:
        state.clock.at(due_by, partial(_run_out, state, dispute, due_by))


def _run_out(state: State, dispute: Obj, due_by: int) -> None:
    details = dispute["evidence_details"]
    if details["due_by"] != due_by or not dispute["status"].endswith("needs_response"):
        return
    before = snapshot(dispute)
    if _is_answered_by_stripe(dispute):
        own = details["has_evidence"] and dispute["intended_submission_method"] == "prefer_manual"
        submit(state, dispute, "manual" if own else "smart_disputes")
        events.emit(state, "charge.dispute.updated", dispute, before=before)
    else:
        dispute["evidence_details"] = {**details, "past_due": True}
        lose(state, dispute)


def _is_answered_by_stripe(dispute: Obj) -> bool:
    intended = dispute["intended_submission_method"]
    unpaid = dispute["evidence_details"]["enhanced_eligibility"].get(enhanced.COMPLIANCE)
    return intended not in (None, "manual") and not unpaid and not in_appeal(dispute)

"""What becomes of a refund: made, succeeded, failed, canceled."""

from sandbox.account import balance
from sandbox.cards import cards
from sandbox.events import events
from sandbox.request.lookup import find
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text, snapshot

OPEN = ("pending", "requires_action")


def make(state: State, charge: Obj, amount: int, *, reason: str | None, metadata: dict[str, str]) -> Obj:
    """Refund `amount` of the charge; the card's story says how it goes on."""
    refund = _new(state, charge, amount, reason, metadata)
    card = cards.card_of(state, charge["payment_method"])
    if balance.available(state, charge["currency"]) < amount:
        refund["pending_reason"] = "insufficient_funds"
        state.short_of_funds.append(refund)
    elif card.refund == "pending":
        refund["pending_reason"] = "processing"
        state.clock.soon(lambda: succeed(state, refund))
    else:
        _take_money(state, refund)
        later = fail if card.refund == "fails" else _trace
        state.clock.soon(lambda: later(state, refund))
    state.refunds.add(refund)
    before = snapshot(charge)
    _count(state, charge)
    events.emit(state, "refund.created", refund)
    events.emit(state, "charge.refunded", charge, before=before)
    return refund


def _new(state: State, charge: Obj, amount: int, reason: str | None, metadata: dict[str, str]) -> Obj:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": state.clock.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "pending",
            },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def _take_money(state: State, refund: Obj) -> None:
    transaction = balance.book(state, "refund", refund, -refund["amount"], description="REFUND FOR CHARGE")
    refund["balance_transaction"] = transaction["id"]
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)
    refund["destination_details"]["card"]["type"] = "refund"


def _count(state: State, charge: Obj) -> None:
    refunds = state.refunds.where(charge=charge["id"])
    standing = [r for r in refunds if r["status"] not in ("failed", "canceled")]
    charge["amount_refunded"] = sum(refund["amount"] for refund in standing)
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


def succeed(state: State, refund: Obj) -> None:
    """A refund that was under way arrives."""
    if refund["status"] in OPEN:
        before = snapshot(refund)
        _take_money(state, refund)
        _announce(state, refund, before)


def _trace(state: State, refund: Obj) -> None:
    if refund["status"] != "succeeded":
        return
    before = snapshot(refund)
    card = refund["destination_details"]["card"]
    card["reference"] = secret_text(23)
    card["reference_status"] = "available"
    _announce(state, refund, before)


def fail(state: State, refund: Obj, reason: str = "lost_or_stolen_card") -> None:
    """The bank sends it back, also after it had succeeded."""
    _undo(state, refund, "failed", reason)


def cancel(state: State, refund: Obj) -> None:
    """It never leaves (in Stripe's dashboard only, briefly)."""
    _undo(state, refund, "canceled", "merchant_request")


def _undo(state: State, refund: Obj, status: str, reason: str) -> None:
    if refund["status"] in ("failed", "canceled"):
        return
    before = snapshot(refund)
    if refund["balance_transaction"]:
        transaction = balance.book(
            state, "refund_failure", refund, refund["amount"], description="REFUND FAILURE"
        )
        refund["failure_balance_transaction"] = transaction["id"]
    refund["status"] = status
    refund["failure_reason"] = reason
    refund.pop("pending_reason", None)
    _count(state, find(state.charges, refund["charge"]))
    _announce(state, refund, before)
    if status == "failed":
        events.emit(state, "refund.failed", refund)


def require_action(state: State, refund: Obj) -> None:
    """The customer has to say where the money shall go."""
    before = snapshot(refund)
    refund["status"] = "requires_action"
    _announce(state, refund, before)


def _announce(state: State, refund: Obj, before: Obj) -> None:
    events.emit(state, "refund.updated", refund, before=before)
    events.emit(state, "charge.refund.updated", refund, before=before)


def pay_waiting(state: State) -> None:
    """Refunds that waited for the balance go on, oldest first, as far as it reaches."""
    waiting, state.short_of_funds = state.short_of_funds, []
    for refund in waiting:
        if balance.available(state, refund["currency"]) < refund["amount"]:
            state.short_of_funds.append(refund)
        else:
            succeed(state, refund)

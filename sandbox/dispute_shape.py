"""A dispute as Stripe shows it."""

from sandbox import cards
from sandbox.evidence import NO_EVIDENCE
from sandbox.shelf import Obj
from sandbox.state import State, new_id

ANSWER_SECONDS = 9 * 24 * 3600
_NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}


def new_dispute(state: State, charge: Obj, reason: str, amount: int) -> Obj:
    """An open one, with nothing withdrawn yet."""
    now = state.clock.now()
    card = cards.card_of(state, charge["payment_method"])
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict(NO_EVIDENCE),
        "evidence_details": {
            "due_by": now + ANSWER_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": None,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": _NETWORK_CODES.get(reason, "10.4"),
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": card.brand,
                "case_type": "chargeback",
                "network": card.brand,
                "network_reason_code": _NETWORK_CODES.get(reason, "10.4"),
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }

"""A dispute as Stripe shows it."""

from typing import Any

from sandbox.cards import cards
from sandbox.cards.card_stories import Complaint
from sandbox.request.params import one_of
from sandbox.reversals.enhanced import eligibility
from sandbox.reversals.evidence import NO_EVIDENCE
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id

ANSWER_SECONDS = 9 * 24 * 3600
_NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "noncompliant": "98"}
_known_method = one_of("manual", "prefer_manual", "prefer_smart_disputes", "smart_disputes")


def submission_method(name: str, value: Any) -> str | None:
    """Who is meant to answer; nothing where the account has no Smart Disputes."""
    return str(_known_method(name, value)) if value else None


def new_dispute(state: State, charge: Obj, complaint: Complaint, amount: int) -> Obj:
    """An open one, with nothing withdrawn yet."""
    now = state.clock.now()
    code = _NETWORK_CODES.get(complaint.reason, "10.4")
    types = _enhanced_types(complaint)
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": types,
        "evidence": dict(NO_EVIDENCE),
        "evidence_details": {
            "due_by": now + ANSWER_SECONDS,
            "enhanced_eligibility": eligibility(types, {}),
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": state.submission_default,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": code,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method_details(state, charge, complaint, code),
        "reason": complaint.reason,
        "status": "needs_response",
    }


def _enhanced_types(complaint: Complaint) -> list[str]:
    if complaint.case == "compliance":
        return ["visa_compliance"]
    return ["visa_compelling_evidence_3"] if complaint.visa_ce3 else []


def _method_details(state: State, charge: Obj, complaint: Complaint, code: str) -> Obj:
    brand = cards.card_of(state, charge["payment_method"]).brand
    card = {"brand": brand, "case_type": complaint.case, "network": brand, "network_reason_code": code}
    return {"type": "card", "card": card}

"""Charges: one for each attempt to pay a PaymentIntent."""

from sandbox.account import balance
from sandbox.cards import card_parts
from sandbox.cards.card_stories import Card, Refusal
from sandbox.events import events
from sandbox.request.call import Call, Route
from sandbox.request.lookup import find, many, one
from sandbox.request.params import EXPAND, merged_metadata, metadata, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, snapshot

_APPROVED: Obj = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 32,
    "seller_message": "Payment complete.",
    "type": "authorized",
}
# Stripe's fee on a charge: 2.9 % and 30 minor units.
_FEE_PER_MILLE, _FEE_FIXED = 29, 30


def make(state: State, intent: Obj, card: Card, status: str, refusal: Refusal | None) -> Obj:
    """A charge of the intent's whole amount, not yet in the balance."""
    paid = status == "succeeded"
    charge = {
        "id": new_id("ch"),
        "object": "charge",
        **{name: intent[name] for name in _FROM_INTENT},
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "application_fee": None,
        "balance_transaction": None,
        "billing_details": card_parts.NO_BILLING_DETAILS,
        "calculated_statement_descriptor": "SANDBOX",
        "captured": paid,
        "created": state.clock.now(),
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": refusal.code if refusal else None,
        "failure_message": refusal.message if refusal else None,
        "fraud_details": {},
        "livemode": False,
        "outcome": _declined(refusal) if refusal else _APPROVED,
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method_details": card_parts.of_charge(card, intent["amount"], paid=paid),
        "radar_options": {},
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "source_transfer": None,
        "status": status,
    }
    return state.charges.add(charge)


_FROM_INTENT = (
    "amount",
    "application",
    "application_fee_amount",
    "currency",
    "customer",
    "description",
    "metadata",
    "on_behalf_of",
    "payment_method",
    "receipt_email",
    "review",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def _declined(refusal: Refusal) -> Obj:
    return {
        **_APPROVED,
        "network_status": "declined_by_network",
        "reason": refusal.decline_code or refusal.code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def book(state: State, charge: Obj) -> None:
    """The charge's money reaches the balance, less Stripe's fee."""
    amount = charge["amount"]
    fee = min(amount, amount * _FEE_PER_MILLE // 1000 + _FEE_FIXED)
    transaction = balance.book(state, "charge", charge, amount, fee=fee, description=charge["description"])
    charge["balance_transaction"] = transaction["id"]


def _update(state: State, call: Call) -> Obj:
    charge = find(state.charges, call.id)
    before = snapshot(charge)
    charge["metadata"] = merged_metadata(charge["metadata"], call.params.get("metadata"))
    charge["description"] = call.params.get("description", charge["description"])
    events.emit(state, "charge.updated", charge, before=before)
    return charge


ROUTES = {
    ("GET", "/v1/charges"): many("charges", "payment_intent", "customer"),
    ("GET", "/v1/charges/{id}"): one("charges"),
    ("POST", "/v1/charges/{id}"): Route(_update, {**EXPAND, "metadata": metadata, "description": text}),
}

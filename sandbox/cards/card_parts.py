"""What payment methods and charges show of a card or a bank account."""

from sandbox.cards.card_stories import Card
from sandbox.store.shelf import Obj
from sandbox.store.state import secret_text

NO_BILLING_DETAILS: Obj = {
    "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
    "email": None,
    "name": None,
    "phone": None,
    "tax_id": None,
}
_NO_CHECKS: Obj = dict.fromkeys(("address_line1_check", "address_postal_code_check", "cvc_check"))


def of_method(card: Card) -> Obj:
    """`type` and the part named after it, as a payment method has them."""
    if card.kind == "us_bank_account":
        networks = {"preferred": "ach", "supported": ["ach"]}
        nothing_yet = dict.fromkeys(("financial_connections_account", "status_details"))
        return {"type": card.kind, card.kind: {**_account(card), **nothing_yet, "networks": networks}}
    part = {
        **_card(card),
        "display_brand": card.brand,
        "generated_from": None,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
    }
    return {"type": card.kind, card.kind: part}


def of_charge(card: Card, amount: int, *, paid: bool) -> Obj:
    """The same of a charge; what the network says is there once it was asked."""
    if card.kind == "us_bank_account":
        return {"type": card.kind, card.kind: {**_account(card), "payment_reference": None}}
    part = {
        **_card(card),
        "amount_authorized": amount if paid else None,
        "authorization_code": secret_text(6).upper() if paid else None,
        "electronic_commerce_indicator": None,
        "installments": None,
        "mandate": None,
        "network": card.brand,
        "network_transaction_id": secret_text(15) if paid else None,
        "three_d_secure": None,
        "transaction_link_id": None,
    }
    return {"type": card.kind, card.kind: part}


def _card(card: Card) -> Obj:
    return {
        "brand": card.brand,
        "checks": _NO_CHECKS,
        "country": "GB",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"fingerprint{card.last4}",
        "funding": "credit",
        "last4": card.last4,
        "regulated_status": "unregulated",
        "wallet": None,
    }


def _account(card: Card) -> Obj:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "fingerprint": f"fingerprint{card.last4}",
        "last4": card.last4,
        "routing_number": "110000000",
    }

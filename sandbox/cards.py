"""Stripe's test payment methods and the story each one tells."""

from dataclasses import dataclass
from typing import Literal

from sandbox.errors import missing_object
from sandbox.lookup import one
from sandbox.shelf import Obj
from sandbox.state import State, new_id


@dataclass(frozen=True)
class Refusal:
    """Why a card is declined; `decline_code` is None where `code` says it all."""

    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True)
class Card:
    last4: str
    brand: str = "visa"
    refusal: Refusal | None = None
    authentication: bool = False
    kind: Literal["card", "us_bank_account"] = "card"
    refund: Literal["at_once", "pending", "fails"] = "at_once"
    dispute_reason: str | None = None
    inquiry: bool = False
    fraud_warning: bool = False


_GENERIC = Refusal("card_declined", "generic_decline", "Your card was declined.")
_FUNDS = Refusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")
_LOST = Refusal("card_declined", "lost_card", "Your card was declined.")
_STOLEN = Refusal("card_declined", "stolen_card", "Your card was declined.")
_EXPIRED = Refusal("expired_card", None, "Your card has expired.")
_CVC = Refusal("incorrect_cvc", None, "Your card's security code is incorrect.")
_BANK = Refusal("insufficient_funds", None, "The customer's account has insufficient funds.")
_PROCESSING = Refusal(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
)

CARDS = {
    "pm_card_visa": Card("4242"),
    "pm_card_visa_debit": Card("5556"),
    "pm_card_mastercard": Card("4444", "mastercard"),
    "pm_card_amex": Card("8431", "amex"),
    "pm_card_gb": Card("0000"),
    "pm_card_bypassPending": Card("0077"),
    "pm_card_visa_chargeDeclined": Card("0002", refusal=_GENERIC),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card("9995", refusal=_FUNDS),
    "pm_card_visa_chargeDeclinedLostCard": Card("9987", refusal=_LOST),
    "pm_card_visa_chargeDeclinedStolenCard": Card("9979", refusal=_STOLEN),
    "pm_card_chargeDeclinedExpiredCard": Card("0069", refusal=_EXPIRED),
    "pm_card_chargeDeclinedIncorrectCvc": Card("0127", refusal=_CVC),
    "pm_card_chargeDeclinedProcessingError": Card("0119", refusal=_PROCESSING),
    "pm_card_chargeCustomerFail": Card("0341", refusal=_GENERIC),
    "pm_card_authenticationRequired": Card("3184", authentication=True),
    "pm_card_threeDSecure2Required": Card("3220", authentication=True),
    "pm_card_pendingRefund": Card("7726", refund="pending"),
    "pm_card_refundFail": Card("5126", refund="fails"),
    "pm_card_createDispute": Card("0259", dispute_reason="fraudulent"),
    "pm_card_createDisputeProductNotReceived": Card("2685", dispute_reason="product_not_received"),
    "pm_card_createDisputeInquiry": Card("1976", dispute_reason="fraudulent", inquiry=True),
    "pm_card_createIssuerFraudRecord": Card("5423", fraud_warning=True),
    # No cards, but the kind that pays late: first `processing`, then done or failed.
    "pm_usBankAccount_success": Card("6789", kind="us_bank_account"),
    "pm_usBankAccount_insufficientFunds": Card("2227", kind="us_bank_account", refusal=_BANK),
}


def card_of(state: State, payment_method: str) -> Card:
    """The story behind a payment method that `method_for` made."""
    return CARDS[state.card_names[payment_method]]


def check_known(state: State, name: str) -> None:
    """It is a test payment method, or one that was made from it."""
    if name not in CARDS and state.payment_methods.get(name) is None:
        raise missing_object("PaymentMethod", name, param="payment_method", status=400)


def method_for(state: State, name: str, customer: str | None) -> Obj:
    """The payment method of that id; a test name such as `pm_card_visa` makes a new one."""
    known = state.payment_methods.get(name)
    if known is not None:
        return known
    check_known(state, name)
    card = CARDS[name]
    method = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": NO_BILLING_DETAILS,
        "created": state.clock.now(),
        "customer": customer,
        "livemode": False,
        "metadata": {},
        **details(card),
    }
    state.card_names[method["id"]] = name
    return state.payment_methods.add(method)


NO_BILLING_DETAILS: Obj = {
    "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
    "email": None,
    "name": None,
    "phone": None,
    "tax_id": None,
}
_NO_CHECKS: Obj = {
    "address_line1_check": None,
    "address_postal_code_check": None,
    "cvc_check": None,
}


def details(card: Card) -> Obj:
    """`type` and the part named after it, as payment methods and charges show them."""
    return {"type": card.kind, card.kind: _CARD_PARTS[card.last4]}


def _part(card: Card) -> Obj:
    if card.kind == "us_bank_account":
        return {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "fingerprint": f"fingerprint{card.last4}",
            "last4": card.last4,
            "routing_number": "110000000",
        }
    return {
        "brand": card.brand,
        "checks": _NO_CHECKS,
        "country": "GB",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"fingerprint{card.last4}",
        "funding": "credit",
        "last4": card.last4,
        "network": card.brand,
        "three_d_secure": None,
        "wallet": None,
    }


_CARD_PARTS = {card.last4: _part(card) for card in CARDS.values()}

ROUTES = {("GET", "/v1/payment_methods/{id}"): one("payment_methods")}

"""Stripe's test payment methods and the story each one tells."""

from dataclasses import dataclass
from typing import Literal


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
    disputes: tuple["Complaint", ...] = ()
    fraud_warning: bool = False


@dataclass(frozen=True)
class Complaint:
    """A dispute that comes by itself."""

    reason: str
    # `chargeback`, `inquiry` or `compliance`, as Stripe's `case_type` has it.
    case: str = "chargeback"
    visa_ce3: bool = False


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
_FRAUD = Complaint("fraudulent")
_NOT_RECEIVED = Complaint("product_not_received")

CARDS = {
    "pm_card_visa": Card("4242"),
    "pm_card_visa_debit": Card("5556"),
    "pm_card_mastercard": Card("4444", "mastercard"),
    "pm_card_amex": Card("8431", "amex"),
    "pm_card_gb": Card("0000"),
    "pm_card_bypassPending": Card("0077"),
    "pm_card_us": Card("4242"),
    "pm_card_discover": Card("1117", "discover"),
    "pm_card_visa_chargeDeclined": Card("0002", refusal=_GENERIC),
    "pm_card_chargeDeclined": Card("0002", refusal=_GENERIC),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card("9995", refusal=_FUNDS),
    "pm_card_chargeDeclinedInsufficientFunds": Card("9995", refusal=_FUNDS),
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
    "pm_card_createDispute": Card("0259", disputes=(_FRAUD,)),
    "pm_card_createDisputeProductNotReceived": Card("2685", disputes=(_NOT_RECEIVED,)),
    "pm_card_createDisputeInquiry": Card("1976", disputes=(Complaint("fraudulent", "inquiry"),)),
    "pm_card_createMultipleDisputes": Card("0079", disputes=(_FRAUD, _NOT_RECEIVED)),
    "pm_card_createCe3EligibleDispute": Card("0038", disputes=(Complaint("fraudulent", visa_ce3=True),)),
    "pm_card_createComplianceDispute": Card("0779", disputes=(Complaint("noncompliant", "compliance"),)),
    "pm_card_createIssuerFraudRecord": Card("5423", fraud_warning=True),
    # No cards, but the kind that pays late: first `processing`, then done or failed.
    "pm_usBankAccount_success": Card("6789", kind="us_bank_account"),
    "pm_usBankAccount_insufficientFunds": Card("2227", kind="us_bank_account", refusal=_BANK),
}

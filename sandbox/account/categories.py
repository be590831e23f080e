"""What Stripe's reports call a balance transaction of each type."""

_CATEGORIES = {
    "advance": "advance",
    "advance_funding": "advance_funding",
    "charge": "charge",
    "contribution": "contribution",
    "payment": "charge",
    "payment_failure_refund": "charge_failure",
    "payment_refund": "refund",
    "payout": "payout",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "payout_minimum_balance_hold": "payout_minimum_balance_hold",
    "payout_minimum_balance_release": "payout_minimum_balance_release",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "reserve_hold": "risk_reserved_funds",
    "reserve_release": "risk_reserved_funds",
    "reserve_transaction": "risk_reserved_funds",
    "reserved_funds": "risk_reserved_funds",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "tax",
    "topup": "topup",
    "topup_reversal": "topup_reversal",
}
TYPES = (*_CATEGORIES, "adjustment")


def category_of(type_: str, amount: int, about: str | None) -> str:
    """The reporting category; `about` is the kind of object that it is sourced from."""
    if type_ != "adjustment":
        return _CATEGORIES[type_]
    if about == "dispute":
        return "dispute" if amount < 0 else "dispute_reversal"
    return "other_adjustment"

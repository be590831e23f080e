"""The account's balance and the transactions that move it."""

from sandbox.call import Call, Route
from sandbox.lookup import many, one
from sandbox.params import EXPAND
from sandbox.shelf import Obj
from sandbox.state import State, new_id

# Enough that no test runs short unless it asks to (control call `balance`).
OPENING_BALANCE = 1_000_000_000
_CATEGORIES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "adjustment": "dispute",
}


def book(state: State, type_: str, source: Obj, amount: int, *, fee: int = 0, description: str | None) -> Obj:
    """Move money: `amount` is signed, the fee is taken off, minor units."""
    now = state.clock.now()
    currency = source["currency"]
    transaction = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fee_details(type_, fee, currency),
        "net": amount - fee,
        "reporting_category": _CATEGORIES[type_],
        "source": source["id"],
        "status": "available",
        "type": type_,
    }
    state.funds[currency] = state.funds.get(currency, 0) + amount - fee
    return state.balance_transactions.add(transaction)


def _fee_details(type_: str, fee: int, currency: str) -> list[Obj]:
    if not fee:
        return []
    description = "Dispute fee" if type_ == "adjustment" else "Stripe processing fees"
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": description,
            "type": "stripe_fee",
        }
    ]


def available(state: State, currency: str) -> int:
    """What refunds can be paid from, in minor units; may be negative."""
    return OPENING_BALANCE + state.funds.get(currency, 0)


def set_available(state: State, currency: str, amount: int) -> None:
    """Play a payout or a top-up."""
    state.funds[currency] = amount - OPENING_BALANCE


def _get_balance(state: State, call: Call) -> Obj:
    currencies = sorted({"gbp", *state.funds})
    funds = [(currency, available(state, currency)) for currency in currencies]
    return {
        "object": "balance",
        "available": [_sum(amount, currency) for currency, amount in funds],
        "livemode": False,
        "pending": [_sum(0, currency) for currency in currencies],
    }


def _sum(amount: int, currency: str) -> Obj:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


ROUTES = {
    ("GET", "/v1/balance"): Route(_get_balance, EXPAND),
    ("GET", "/v1/balance_transactions"): many("balance_transactions", "source", "type", "currency", "payout"),
    ("GET", "/v1/balance_transactions/{id}"): one("balance_transactions"),
}

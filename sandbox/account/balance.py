"""The account's balance and the transactions that move it."""

from sandbox.account.categories import category_of
from sandbox.request import listing
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError
from sandbox.request.lookup import find, one
from sandbox.request.params import EXPAND, PAGE_BY_TIME, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id

# Enough that no test runs short unless it asks to (control call `balance`).
OPENING_BALANCE = 1_000_000_000
DAY = 24 * 3600
_WAITING = ("charge", "payment")


def book(
    state: State,
    type_: str,
    source: Obj | None,
    amount: int,
    *,
    fee: int = 0,
    description: str | None,
    currency: str | None = None,
    category: str | None = None,
) -> Obj:
    """Move money: `amount` is signed, the fee is taken off, minor units of the source's currency."""
    named = currency or (source or {})["currency"]
    settled, rate = state.exchange.get(named, (named, None))
    amount, fee = (_converted(figure, rate) for figure in (amount, fee))
    transaction = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": state.clock.now(),
        "balance_type": "payments",
        "created": state.clock.now(),
        "currency": settled,
        "description": description,
        "exchange_rate": rate,
        "fee": fee,
        "fee_details": _fee_details(type_, fee, settled),
        "net": amount - fee,
        "reporting_category": category or category_of(type_, amount, (source or {}).get("object")),
        "source": source["id"] if source else None,
        "status": "available",
        "type": type_,
    }
    _settle(state, transaction)
    return state.balance_transactions.add(transaction)


def _converted(amount: int, rate: float | None) -> int:
    return amount if rate is None else round(amount * rate)


def _fee_details(type_: str, fee: int, currency: str) -> list[Obj]:
    if not fee:
        return []
    words = {"adjustment": "Dispute fee", "payout": "Instant Payout fee"}
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": words.get(type_, "Stripe processing fees"),
            "type": "stripe_fee",
        }
    ]


def _settle(state: State, transaction: Obj) -> None:
    """The net is available at once, or some days later where the account is made to wait."""
    if not state.settle_days or transaction["type"] not in _WAITING:
        _add(state.funds, transaction, 1)
        return
    transaction["available_on"] += state.settle_days * DAY
    transaction["status"] = "pending"
    _add(state.pending, transaction, 1)
    state.clock.at(transaction["available_on"], lambda: _release(state, transaction))


def _release(state: State, transaction: Obj) -> None:
    transaction["status"] = "available"
    _add(state.pending, transaction, -1)
    _add(state.funds, transaction, 1)


def _add(funds: dict[str, int], transaction: Obj, sign: int) -> None:
    currency = transaction["currency"]
    funds[currency] = funds.get(currency, 0) + sign * transaction["net"]


def available(state: State, currency: str) -> int:
    """What refunds in that currency can be paid from, in minor units; may be negative."""
    settled, _ = state.exchange.get(currency, (currency, None))
    credit = 0 if settled == "gbp" or settled in state.measured else OPENING_BALANCE
    return credit + held(state, settled)


def held(state: State, currency: str) -> int:
    """What the balance says is available: the account began with pounds, others are earned."""
    return (OPENING_BALANCE if currency == "gbp" else 0) + state.funds.get(currency, 0)


def _get_balance(state: State, call: Call) -> Obj:
    currencies = sorted({"gbp", *state.funds, *state.pending})
    return {
        "object": "balance",
        "available": [_sum(held(state, currency), currency) for currency in currencies],
        "livemode": False,
        "pending": [_sum(state.pending.get(currency, 0), currency) for currency in currencies],
    }


def _sum(amount: int, currency: str) -> Obj:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _list(state: State, call: Call) -> Obj:
    """By source, type, currency, time; and what an automatic payout paid out, its own line included."""
    shelf = state.balance_transactions
    rows = shelf.where(**{name: call.params.get(name) for name in ("source", "type", "currency")})
    if payout_id := call.params.get("payout"):
        payout = find(state.payouts, payout_id, param="payout", status=400)
        if not payout["automatic"]:
            message = "Balance transaction history can only be filtered on automatic payouts, not manual."
            raise StripeError(message, param="payout")
        rows = [row for row in rows if state.paid_out.get(row["id"]) == payout_id]
    return listing.page(call, shelf, [row for row in rows if row["id"] not in state.withheld])


_FILTERS = dict.fromkeys(("source", "type", "currency", "payout"), text)
ROUTES = {
    ("GET", "/v1/balance"): Route(_get_balance, EXPAND),
    ("GET", "/v1/balance_transactions"): Route(_list, {**PAGE_BY_TIME, **_FILTERS}),
    ("GET", "/v1/balance_transactions/{id}"): one("balance_transactions"),
}

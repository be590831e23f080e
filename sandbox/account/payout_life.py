"""What becomes of a payout: made, on its way, arrived, failed, canceled."""

from functools import partial

from sandbox.account import balance
from sandbox.events import events
from sandbox.request.errors import StripeError
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id, secret_text, snapshot

_TRAVEL_DAYS = 2
# Stripe's price for money within half an hour: one per cent, at least 40 minor units.
_INSTANT_PER_CENT, _INSTANT_LEAST = 1, 40
ON_ITS_WAY = ("pending", "in_transit")


def automatic(state: State, currency: str | None = None) -> list[Obj]:
    """Pay out all that is available and in no payout yet: one payout for each currency.

    Where that is nothing, or less, it waits for the next one.
    """
    waiting = [row for row in state.balance_transactions.rows if _waits(state, row)]
    currencies = sorted({row["currency"] for row in waiting} if currency is None else {currency})
    made = []
    for name in currencies:
        lines = [row for row in waiting if row["currency"] == name]
        amount = sum(row["net"] for row in lines)
        if amount > 0:
            made.append(_automatic(state, name, amount, lines))
    return made


def _waits(state: State, row: Obj) -> bool:
    return row["status"] == "available" and row["id"] not in state.paid_out


def _automatic(state: State, currency: str, amount: int, lines: list[Obj]) -> Obj:
    payout = make(state, {"amount": amount, "currency": currency}, automatic=True)
    own = payout["balance_transaction"]
    state.paid_out.update(dict.fromkeys([own, *(row["id"] for row in lines)], payout["id"]))
    state.clock.soon(partial(_reconcile, state, payout))
    return payout


def make(state: State, params: Obj, *, automatic: bool = False) -> Obj:
    """Take the money from the balance and send it to the bank."""
    instant = params.get("method") == "instant"
    amount = params["amount"]
    payout = {
        **_new(state, params, automatic=automatic),
        "arrival_date": state.clock.now() + (1800 if instant else _TRAVEL_DAYS * balance.DAY),
    }
    fee = max(_INSTANT_LEAST, amount * _INSTANT_PER_CENT // 100) if instant else 0
    moved = balance.book(state, "payout", payout, -amount, fee=fee, description=payout["description"])
    payout["balance_transaction"] = moved["id"]
    state.payouts.add(payout)
    events.emit(state, "payout.created", payout)
    state.clock.soon(partial(depart, state, payout))
    state.clock.at(payout["arrival_date"], partial(arrive, state, payout))
    return payout


def _new(state: State, params: Obj, *, automatic: bool) -> Obj:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": 0,
        "automatic": automatic,
        "balance_transaction": None,
        "created": state.clock.now(),
        "currency": params["currency"],
        "description": params.get("description", "STRIPE PAYOUT" if automatic else None),
        "destination": params.get("destination", "ba_1Sandbox00000000"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "method": params.get("method", "standard"),
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": params.get("source_type", "card"),
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def _reconcile(state: State, payout: Obj) -> None:
    payout["reconciliation_status"] = "completed"
    events.emit(state, "payout.reconciliation_completed", payout)


def depart(state: State, payout: Obj) -> None:
    """The bank has it."""
    if payout["status"] == "pending":
        _change(state, payout, "payout.updated", status="in_transit")


def arrive(state: State, payout: Obj) -> None:
    """It is in the bank account; the bank's trace id follows with it."""
    if payout["status"] not in ON_ITS_WAY:
        return
    _change(state, payout, "payout.paid", status="paid")
    trace = {"status": "supported", "value": secret_text(18)}
    _change(state, payout, "payout.updated", trace_id=trace)


def fail(state: State, payout: Obj, code: str = "account_closed") -> None:
    """The bank sends it back, also after it was shown as paid; the money is in the balance again."""
    if payout["status"] not in (*ON_ITS_WAY, "paid"):
        raise StripeError(f"A payout that is {payout['status']} can't fail.")
    back = _bring_back(state, payout, "payout_failure")
    reason = {"failure_code": code, "failure_message": "The bank could not accept this payout."}
    trace = {"status": "unsupported", "value": None}
    _change(state, payout, "payout.failed", status="failed", trace_id=trace, **reason, **back)


def cancel(state: State, payout: Obj) -> None:
    """Only one that was asked for and hasn't left yet."""
    if payout["automatic"] or payout["status"] != "pending":
        raise StripeError("Payouts can only be canceled if they are manual and pending.")
    back = _bring_back(state, payout, "payout_cancel")
    _change(state, payout, "payout.canceled", status="canceled", **back)


def _bring_back(state: State, payout: Obj, type_: str) -> Obj:
    words = f"REFUND FOR PAYOUT ({payout['description'] or payout['id']})"
    moved = balance.book(state, type_, payout, payout["amount"], description=words)
    return {"failure_balance_transaction": moved["id"]}


def _change(state: State, payout: Obj, event: str, **fields: object) -> None:
    before = snapshot(payout)
    payout.update(fields)
    events.emit(state, event, payout, before=before)

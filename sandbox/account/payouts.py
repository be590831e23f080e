"""Payouts: to the bank account, asked for or automatic."""

from sandbox.account import balance, payout_life
from sandbox.events import events
from sandbox.request import listing, money
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError, missing_param
from sandbox.request.lookup import find, one
from sandbox.request.params import (
    EXPAND,
    PAGE_BY_TIME,
    merged_metadata,
    metadata,
    moment_range,
    one_of,
    positive,
    text,
)
from sandbox.store.shelf import Obj
from sandbox.store.state import State, snapshot


def create(state: State, params: Obj) -> Obj:
    """A manual payout, or Stripe's error where the balance doesn't cover it."""
    for name in ("amount", "currency"):
        if name not in params:
            raise missing_param(name)
    money.check_currency(params["currency"])
    if balance.available(state, params["currency"]) < params["amount"]:
        message = "You have insufficient funds in your Stripe account for this payout."
        raise StripeError(message, code="balance_insufficient")
    return payout_life.make(state, params)


def _create(state: State, call: Call) -> Obj:
    return create(state, call.params)


def _list(state: State, call: Call) -> Obj:
    rows = state.payouts.where(**{name: call.params.get(name) for name in ("status", "destination")})
    arrival = call.params.get("arrival_date")
    if arrival:
        rows = [row for row in rows if _is_within(row["arrival_date"], arrival)]
    return listing.page(call, state.payouts, rows)


def _is_within(moment: int, bounds: dict[str, int]) -> bool:
    checks = {"gt": moment.__gt__, "gte": moment.__ge__, "lt": moment.__lt__, "lte": moment.__le__}
    return all(checks[name](bound) for name, bound in bounds.items())


def _update(state: State, call: Call) -> Obj:
    payout = find(state.payouts, call.id)
    before = snapshot(payout)
    payout["metadata"] = merged_metadata(payout["metadata"], call.params.get("metadata"))
    events.emit(state, "payout.updated", payout, before=before)
    return payout


def _cancel(state: State, call: Call) -> Obj:
    payout = find(state.payouts, call.id)
    payout_life.cancel(state, payout)
    return payout


_NEW = {
    **EXPAND,
    "amount": positive,
    "currency": text,
    "description": text,
    "destination": text,
    "metadata": metadata,
    "method": one_of("standard", "instant"),
    "source_type": one_of("card", "bank_account", "fpx"),
    "statement_descriptor": text,
}
ROUTES = {
    ("GET", "/v1/payouts"): Route(
        _list, {**PAGE_BY_TIME, "arrival_date": moment_range, "status": text, "destination": text}
    ),
    ("POST", "/v1/payouts"): Route(_create, _NEW),
    ("GET", "/v1/payouts/{id}"): one("payouts"),
    ("POST", "/v1/payouts/{id}"): Route(_update, {**EXPAND, "metadata": metadata}),
    ("POST", "/v1/payouts/{id}/cancel"): Route(_cancel, EXPAND),
}

"""Control calls for what moves the balance beside customers: payouts, fees, top-ups, exchange."""

from collections.abc import Callable

from sandbox.account import balance, payout_life, payouts
from sandbox.account.categories import TYPES
from sandbox.machine import Control, Machine
from sandbox.request.lookup import find
from sandbox.request.params import integer, one_of, positive
from sandbox.reversals import refund_life
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id


def pay_out(machine: Machine, id_: str, body: Obj) -> Obj:
    """Stripe's schedule: automatic payouts of all that is available, by currency."""
    return {"payouts": payout_life.automatic(machine.state, body.get("currency"))}


def pay_out_by_hand(machine: Machine, id_: str, body: Obj) -> Obj:
    """Somebody presses "pay out" in the dashboard: a manual payout, or an instant one."""
    return payouts.create(machine.state, {**body, "amount": positive("amount", body["amount"])})


def _step(step: Callable[..., None]) -> Control:
    def control(machine: Machine, id_: str, body: Obj) -> Obj:
        payout = find(machine.state.payouts, id_)
        step(machine.state, payout, **body)
        return payout

    return control


def schedule(machine: Machine, id_: str, body: Obj) -> Obj:
    """How many days a charge waits until it is available; none by default."""
    machine.state.settle_days = integer("settle_days", body["settle_days"])
    return {"settle_days": machine.state.settle_days}


def exchange(machine: Machine, id_: str, body: Obj) -> Obj:
    """What is sold in `currency` is settled in `into` from now on, at that rate."""
    rate = float(body["rate"])
    if rate <= 0:
        raise ValueError("a rate is above zero")
    machine.state.exchange[body["currency"]] = (body["into"], rate)
    return {"exchange": machine.state.exchange}


def move(machine: Machine, id_: str, body: Obj) -> Obj:
    """A balance transaction of any type: a fee of Stripe's, a reserve, an adjustment.

    `source` may be the id of any object; `category` sets another reporting category than the type's.
    """
    state = machine.state
    source = _source(state, body["source"]) if body.get("source") else None
    return balance.book(
        state,
        one_of(*TYPES)("type", body["type"]),
        source,
        integer("amount", body["amount"]),
        fee=integer("fee", body.get("fee", 0)),
        description=body.get("description"),
        currency=body.get("currency") or (None if source else "gbp"),
        category=body.get("category"),
    )


def _source(state: State, id_: str) -> Obj:
    for shelf in (state.charges, state.refunds, state.disputes, state.payouts):
        if found := shelf.get(id_):
            return found
    return find(state.charges, id_, param="source", status=400)


def withhold(machine: Machine, id_: str, body: Obj) -> Obj:
    """Leave it out of all lists, or show it again (`"shown": true`)."""
    found = find(machine.state.balance_transactions, id_)
    change = machine.state.withheld.discard if body.get("shown") else machine.state.withheld.add
    change(id_)
    return found


def alter(machine: Machine, id_: str, body: Obj) -> Obj:
    """Other figures, which Stripe never does: `amount` and `fee`; the net follows."""
    found = find(machine.state.balance_transactions, id_)
    found.update({name: integer(name, body[name]) for name in ("amount", "fee") if name in body})
    found["net"] = found["amount"] - found["fee"]
    return found


def set_balance(machine: Machine, id_: str, body: Obj) -> Obj:
    """What is available now, by a top-up or a payout; waiting refunds go on if it reaches."""
    state, currency = machine.state, body["currency"]
    change = integer("available", body["available"]) - balance.held(state, currency)
    state.measured.add(currency)
    if change > 0:
        source = {"id": new_id("tu"), "object": "topup", "currency": currency}
        moved = balance.book(state, "topup", source, change, description="Top-up")["id"]
    elif change < 0:
        moved = payout_life.make(state, {"amount": -change, "currency": currency})["balance_transaction"]
    else:
        return {"available": balance.available(state, currency)}
    # Like the opening balance, it is in no automatic payout.
    state.paid_out[moved] = ""
    refund_life.pay_waiting(state)
    return {"available": balance.available(state, currency)}


CONTROLS: dict[str, Control] = {
    "POST balance": set_balance,
    "POST exchange": exchange,
    "POST movements": move,
    "POST movements/{id}/withhold": withhold,
    "POST movements/{id}/alter": alter,
    "POST payout": pay_out_by_hand,
    "POST payouts": pay_out,
    "POST payouts/{id}/depart": _step(payout_life.depart),
    "POST payouts/{id}/arrive": _step(payout_life.arrive),
    "POST payouts/{id}/fail": _step(payout_life.fail),
    "POST payouts/{id}/cancel": _step(payout_life.cancel),
    "POST schedule": schedule,
}

"""`expand[]`: ids replaced by the objects they name, in the answer only."""

from typing import Any

from sandbox.request.errors import StripeError
from sandbox.store.shelf import Obj, Shelf
from sandbox.store.state import State

_DEEPEST = 4


def expanded(state: State, obj: Obj, paths: list[str]) -> Obj:
    """A copy of the answer with every path followed."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise StripeError("You cannot expand more than 4 levels of a property", param="expand")
        obj = _follow(state, obj, steps, path)
    return obj


def _follow(state: State, obj: Obj, steps: list[str], path: str) -> Obj:
    step, rest = steps[0], steps[1:]
    value = obj[step] if step in obj else _unlisted(state, obj, step, path)
    if isinstance(value, str):
        shelves = _shelves_of(state, step)
        if not shelves:
            raise _cannot(path)
        found = (shelf.get(value) for shelf in shelves)
        value = next(filter(None, found), state.deleted_customers.get(value, value))
    return {**obj, step: _further(state, value, rest, path)}


def _further(state: State, value: Any, rest: list[str], path: str) -> Any:
    if not rest or value is None:
        return value
    if isinstance(value, list):
        return [_follow(state, item, rest, path) for item in value]
    if isinstance(value, dict):
        return _follow(state, value, rest, path)
    raise _cannot(path)


def _unlisted(state: State, obj: Obj, step: str, path: str) -> Obj:
    # Since 2022-11-15 a charge shows its refunds only when asked.
    if (obj.get("object"), step) != ("charge", "refunds"):
        raise _cannot(path)
    data = list(reversed(state.refunds.where(charge=obj["id"])))
    url = f"/v1/charges/{obj['id']}/refunds"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def _shelves_of(state: State, step: str) -> tuple[Shelf, ...]:
    return {
        "latest_charge": (state.charges,),
        "charge": (state.charges,),
        "payment_intent": (state.payment_intents,),
        "customer": (state.customers,),
        "payment_method": (state.payment_methods,),
        "balance_transaction": (state.balance_transactions,),
        "failure_balance_transaction": (state.balance_transactions,),
        "source": (state.charges, state.refunds, state.disputes, state.payouts),
        "original_payout": (state.payouts,),
    }.get(step, ())


def _cannot(path: str) -> Exception:
    return StripeError(f"This property cannot be expanded ({path}).", param="expand")

"""Radar's early fraud warnings."""

from sandbox import events, listing
from sandbox.call import Call, Route
from sandbox.errors import missing_object
from sandbox.params import EXPAND, PAGE_BY_TIME, text
from sandbox.shelf import Obj
from sandbox.state import State, new_id


def issue(state: State, charge: Obj, fraud_type: str = "made_with_stolen_card") -> Obj:
    """The card's issuer reports fraud; a dispute may follow."""
    warning = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge["id"],
        "created": state.clock.now(),
        "fraud_type": fraud_type,
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    state.fraud_warnings.add(warning)
    events.emit(state, "radar.early_fraud_warning.created", warning)
    return warning


def settle(state: State, charge: Obj) -> None:
    """Refunded in full or disputed: nothing is left to do about the warning."""
    for warning in state.fraud_warnings.where(charge=charge["id"]):
        if warning["actionable"]:
            before = dict(warning)
            warning["actionable"] = False
            events.emit(state, "radar.early_fraud_warning.updated", warning, before=before)


def _get(state: State, call: Call) -> Obj:
    warning = state.fraud_warnings.get(call.id)
    if warning is None:
        raise missing_object("early fraud warning", call.id)
    return warning


def _list(state: State, call: Call) -> Obj:
    wanted = {name: call.params.get(name) for name in ("charge", "payment_intent")}
    return listing.page(call, state.fraud_warnings, state.fraud_warnings.where(**wanted))


ROUTES = {
    ("GET", "/v1/radar/early_fraud_warnings"): Route(
        _list, {**PAGE_BY_TIME, "charge": text, "payment_intent": text}
    ),
    ("GET", "/v1/radar/early_fraud_warnings/{id}"): Route(_get, EXPAND),
}

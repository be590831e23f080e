"""Radar's early fraud warnings."""

from sandbox.events import events
from sandbox.request.lookup import many, one
from sandbox.store.shelf import Obj
from sandbox.store.state import State, new_id


def issue(
    state: State, charge: Obj, fraud_type: str = "made_with_stolen_card", *, names_intent: bool = True
) -> Obj:
    """The card's issuer reports fraud; a dispute may follow. Stripe may leave the PaymentIntent out."""
    warning: Obj = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge["id"],
        "created": state.clock.now(),
        "fraud_type": fraud_type,
        "livemode": False,
    }
    if names_intent:
        warning["payment_intent"] = charge["payment_intent"]
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


ROUTES = {
    ("GET", "/v1/radar/early_fraud_warnings"): many("fraud_warnings", "charge", "payment_intent"),
    ("GET", "/v1/radar/early_fraud_warnings/{id}"): one("fraud_warnings"),
}

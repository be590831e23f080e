"""Disputes as the API offers them."""

from sandbox.events import events
from sandbox.request.call import Call, Route
from sandbox.request.errors import StripeError
from sandbox.request.lookup import find, many, one
from sandbox.request.params import EXPAND, Spec, boolean, merged_metadata, metadata
from sandbox.reversals import dispute_life, evidence
from sandbox.reversals.dispute_shape import submission_method
from sandbox.reversals.enhanced import eligibility
from sandbox.store.shelf import Obj
from sandbox.store.state import State, snapshot

_UPDATE: Spec = {
    **EXPAND,
    "evidence": evidence.FIELDS,
    "intended_submission_method": submission_method,
    "metadata": metadata,
    "submit": boolean,
}


def _update(state: State, call: Call) -> Obj:
    dispute = find(state.disputes, call.id)
    dispute_life.check_open(dispute)
    before = snapshot(dispute)
    changed = {**dispute, "evidence_details": dict(dispute["evidence_details"])}
    # Without Smart Disputes there is nothing to choose, and Stripe shows null.
    if dispute["intended_submission_method"] and call.params.get("intended_submission_method"):
        changed["intended_submission_method"] = call.params["intended_submission_method"]
    if "evidence" in call.params or call.params.get("submit"):
        _take_evidence(state, changed, call.params)
    changed["metadata"] = merged_metadata(dispute["metadata"], call.params.get("metadata"))
    dispute.update(changed)
    if ("evidence" in call.params and call.params.get("submit", True)) or call.params.get("submit"):
        dispute_life.submit(state, dispute)
    if dispute != before:
        events.emit(state, "charge.dispute.updated", dispute, before=before)
    return dispute


def _take_evidence(state: State, dispute: Obj, params: Obj) -> None:
    given, details = params.get("evidence", {}), dispute["evidence_details"]
    if details["due_by"] == 0:
        raise StripeError("This dispute can't be answered.")
    if dispute_life.in_appeal(dispute):
        dispute["evidence"] = evidence.with_appeal(state, dispute["evidence"], given)
    elif details["submission_count"]:
        raise StripeError("Evidence has already been submitted for this dispute.")
    else:
        dispute["evidence"] = evidence.with_changes(state, dispute["evidence"], given)
        extra = dispute["evidence"]["enhanced_evidence"]
        details["has_evidence"] = any(dispute["evidence"].values())
        details["enhanced_eligibility"] = eligibility(dispute["enhanced_eligibility_types"], extra)
    if params.get("submit", True):
        dispute_life.check_submittable(dispute)


def _close(state: State, call: Call) -> Obj:
    dispute = find(state.disputes, call.id)
    dispute_life.lose(state, dispute)
    return dispute


ROUTES = {
    ("GET", "/v1/disputes"): many("disputes", "payment_intent", "charge"),
    ("GET", "/v1/disputes/{id}"): one("disputes"),
    ("POST", "/v1/disputes/{id}"): Route(_update, _UPDATE),
    ("POST", "/v1/disputes/{id}/close"): Route(_close, EXPAND),
}

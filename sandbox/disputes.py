"""Disputes as the API offers them."""

from sandbox import dispute_life, events, evidence
from sandbox.call import Call, Route
from sandbox.errors import StripeError
from sandbox.lookup import find, many, one
from sandbox.params import EXPAND, Spec, boolean, merged_metadata, metadata
from sandbox.shelf import Obj
from sandbox.state import State, snapshot

_UPDATE: Spec = {
    **EXPAND,
    "evidence": evidence.FIELDS,
    "metadata": metadata,
    "submit": boolean,
}


def _update(state: State, call: Call) -> Obj:
    dispute = find(state.disputes, call.id)
    dispute_life.check_open(dispute)
    before = snapshot(dispute)
    if "evidence" in call.params or call.params.get("submit"):
        _answer(state, dispute, call.params)
    dispute["metadata"] = merged_metadata(dispute["metadata"], call.params.get("metadata"))
    if dispute != before:
        events.emit(state, "charge.dispute.updated", dispute, before=before)
    return dispute


def _answer(state: State, dispute: Obj, params: Obj) -> None:
    if dispute["evidence_details"]["due_by"] == 0:
        raise StripeError("This dispute can't be answered.")
    if dispute["evidence_details"]["submission_count"]:
        raise StripeError("Evidence has already been submitted for this dispute.")
    given = evidence.with_changes(state, dispute["evidence"], params.get("evidence", {}))
    details = {**dispute["evidence_details"], "has_evidence": any(given.values())}
    dispute["evidence"] = given
    if params.get("submit", True):
        details["submission_count"] = 1
        details["submission_method"] = "manual"
        inquiry = dispute["status"].startswith("warning_")
        dispute["status"] = "warning_under_review" if inquiry else "under_review"
        state.clock.soon(lambda: _decide(state, dispute))
    dispute["evidence_details"] = details


def _decide(state: State, dispute: Obj) -> None:
    """Stripe's test evidence decides; any other text leaves it to the control calls."""
    if dispute["status"] not in ("under_review", "warning_under_review"):
        return
    words = dispute["evidence"]["uncategorized_text"]
    if words == "winning_evidence":
        dispute_life.win(state, dispute)
    elif words == "losing_evidence":
        dispute_life.lose(state, dispute)
    elif words == "escalate_inquiry_evidence" and dispute["status"] == "warning_under_review":
        dispute_life.escalate(state, dispute)


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

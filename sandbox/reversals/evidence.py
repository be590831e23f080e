"""The evidence fields of a dispute and their limits."""

from sandbox.request.errors import invalid, missing_object
from sandbox.request.params import Spec, text, texts
from sandbox.reversals import enhanced
from sandbox.store.shelf import Obj
from sandbox.store.state import State

_TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
)
_FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
_LONGEST_TEXT = 20_000
_LONGEST_TOGETHER = 150_000
_LARGEST_TOGETHER = 9 * 1024 * 1024 // 2
FIELDS: Spec = {
    **dict.fromkeys((*_TEXTS, *_FILES), text),
    "appeal": {"card": {"reason_for_filing": text, "supporting_files": texts}},
    "enhanced_evidence": enhanced.FIELDS,
}
NO_EVIDENCE: Obj = {**dict.fromkeys(sorted((*_TEXTS, *_FILES))), "enhanced_evidence": {}}


def with_changes(state: State, present: Obj, change: Obj) -> Obj:
    """The evidence after an update; empty text clears a field."""
    for name in _FILES:
        if change.get(name):
            _check_file(state, name, change[name])
    simple = {name: value or None for name, value in change.items() if name in (*_TEXTS, *_FILES)}
    asked = change.get("enhanced_evidence")
    # Empty text clears it, and is read as an empty object.
    extra = {} if asked == {} else enhanced.with_changes(state, present["enhanced_evidence"], asked or {})
    evidence = {**present, **simple, "enhanced_evidence": extra}
    _check_sizes(state, evidence)
    lengths = {name: len(evidence[name] or "") for name in _TEXTS}
    for name, length in lengths.items():
        if length > _LONGEST_TEXT:
            message = f"{name} can be at most {_LONGEST_TEXT} characters long."
            raise invalid(message, f"evidence[{name}]")
    if sum(lengths.values()) > _LONGEST_TOGETHER:
        message = "The combined character count of the evidence is above 150000."
        raise invalid(message, "evidence")
    return evidence


def _check_sizes(state: State, evidence: Obj) -> None:
    files = [state.files.get(evidence[name]) for name in _FILES if evidence[name]]
    if sum(file["size"] for file in files if file) > _LARGEST_TOGETHER:
        raise invalid("The combined size of the evidence files can be at most 4.5 MB.", "evidence")


def with_appeal(state: State, present: Obj, change: Obj) -> Obj:
    """The evidence after an update of the appeal: during an appeal nothing else may change."""
    others = [name for name in change if name != "appeal"]
    if others:
        raise invalid(
            "Only appeal evidence can be updated while a dispute is in appeal.", f"evidence[{others[0]}]"
        )
    for id_ in change.get("appeal", {}).get("card", {}).get("supporting_files", []):
        _check_file(state, "appeal", id_)
    earlier = present.get("appeal") or {"card": {}}
    return {**present, "appeal": {"card": {**earlier["card"], **change.get("appeal", {}).get("card", {})}}}


def _check_file(state: State, name: str, id_: str) -> None:
    file = state.files.get(id_)
    param = f"evidence[{name}]"
    if file is None:
        raise missing_object("file", id_, param=param, status=400)
    if file["purpose"] != "dispute_evidence":
        raise invalid("The file's purpose must be dispute_evidence.", param)

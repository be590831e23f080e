"""The card networks' programmes: Visa's Compelling Evidence 3.0, and compliance disputes with their fee."""

from sandbox.request.errors import StripeError, invalid, missing_object
from sandbox.request.params import Spec, boolean, each, one_of, text
from sandbox.store.shelf import Obj
from sandbox.store.state import State

CE3, COMPLIANCE = "visa_compelling_evidence_3", "visa_compliance"
_SHORTEST = {"customer_device_fingerprint": 20, "customer_device_id": 15}
_MAIN = (("customer_purchase_ip",), ("customer_device_fingerprint", "customer_device_id"))
_OTHERS = ("customer_account_id", "customer_email_address", "shipping_address")
_SALE: Spec = {
    **dict.fromkeys((name for names in _MAIN for name in names), text),
    "customer_account_id": text,
    "customer_email_address": text,
    "product_description": text,
    "shipping_address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text),
}
_FEE: Spec = {"fee_acknowledged": boolean}
FIELDS: Spec = {
    CE3: {
        "disputed_transaction": {**_SALE, "merchandise_or_services": one_of("merchandise", "services")},
        "prior_undisputed_transactions": each({**_SALE, "charge": text}),
    },
    COMPLIANCE: _FEE,
    "mastercard_compliance": _FEE,
}


def with_changes(state: State, present: Obj, change: Obj) -> Obj:
    """The enhanced evidence after an update, checked as Stripe checks it."""
    merged = {**present, **{name: part for name, part in change.items() if name != CE3}}
    if CE3 in change:
        merged[CE3] = _compelling(state, {**present.get(CE3, {}), **change[CE3]})
    return merged


def _compelling(state: State, given: Obj) -> Obj:
    disputed = given.get("disputed_transaction")
    earlier = given.get("prior_undisputed_transactions", [])
    for sale in earlier:
        if state.charges.get(sale.get("charge", "")) is None:
            raise missing_object(
                "charge", sale.get("charge", ""), param="evidence[enhanced_evidence]", status=400
            )
    names = (*_SALE, "merchandise_or_services")
    return {
        "disputed_transaction": _filled(disputed, names) if disputed else None,
        "prior_undisputed_transactions": [_filled(sale, (*_SALE, "charge")) for sale in earlier],
    }


def _filled(sale: Obj, names: tuple[str, ...]) -> Obj:
    for name, least in _SHORTEST.items():
        if sale.get(name) and len(sale[name]) < least:
            raise invalid(f"{name} must be at least {least} characters long.", name)
    return {name: sale.get(name) or None for name in names}


def eligibility(types: list[str], given: Obj) -> Obj:
    """What `evidence_details.enhanced_eligibility` says about that evidence."""
    found: Obj = {}
    if COMPLIANCE in types:
        agreed = given.get(COMPLIANCE, {}).get("fee_acknowledged")
        found[COMPLIANCE] = {"status": "fee_acknowledged" if agreed else "requires_fee_acknowledgement"}
    if CE3 in types:
        lacking = _lacking(given.get(CE3, {}))
        found[CE3] = {"required_actions": lacking, "status": "requires_action" if lacking else "qualified"}
    return found


def _lacking(given: Obj) -> list[str]:
    disputed = given.get("disputed_transaction") or {}
    earlier = given.get("prior_undisputed_transactions", [])
    holds = {
        "missing_customer_identifiers": len(earlier) == 2 and _match([disputed, *earlier]),
        "missing_disputed_transaction_description": bool(disputed.get("product_description")),
        "missing_merchandise_or_services": bool(disputed.get("merchandise_or_services")),
        "missing_prior_undisputed_transaction_description": bool(earlier)
        and all(sale["product_description"] for sale in earlier),
        "missing_prior_undisputed_transactions": len(earlier) == 2,
    }
    return [name for name, there in holds.items() if not there]


def _match(sales: list[Obj]) -> bool:
    """Two main elements alike in all of them, or one and another."""
    main = sum(any(_alike(sales, name) for name in names) for names in _MAIN)
    return main == 2 or (main == 1 and any(_alike(sales, name) for name in _OTHERS))


def _alike(sales: list[Obj], name: str) -> bool:
    first = sales[0].get(name)
    return bool(first) and all(sale.get(name) == first for sale in sales)


def check_submittable(dispute: Obj) -> None:
    """Evidence for a compliance dispute isn't taken before its fee is acknowledged."""
    fee = dispute["evidence_details"]["enhanced_eligibility"].get(COMPLIANCE)
    if fee and fee["status"] == "requires_fee_acknowledgement":
        message = "You must acknowledge the network fee to submit evidence for this dispute."
        raise StripeError(message, param="evidence[enhanced_evidence][visa_compliance][fee_acknowledged]")


def judged(details: Obj) -> Obj:
    """Once submitted: what lacks something goes the standard way."""
    compelling = details["enhanced_eligibility"].get(CE3)
    if not compelling or compelling["status"] == "qualified":
        return details
    rejected = {"required_actions": compelling["required_actions"], "status": "not_qualified"}
    return {**details, "enhanced_eligibility": {**details["enhanced_eligibility"], CE3: rejected}}

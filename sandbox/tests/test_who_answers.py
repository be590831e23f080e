"""Who answers a dispute, and what the network programmes and appeals ask for."""

from typing import Any

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import pay
from sandbox.tests.test_disputes import answered, disputed, types_of

NINE_DAYS = 9 * 24 * 3600 + 1
UNKNOWN = ["missing_customer_identifiers"]
IP, DEVICE = "203.0.113.7", "device-of-at-least-15"


def updated(api: stripe.StripeClient, dispute: stripe.Dispute, **change: Any) -> stripe.Dispute:
    """Staged, not submitted, unless the change says so."""
    return api.v1.disputes.update(dispute.id, {"submit": False, **change})  # type: ignore[arg-type]


def test_without_smart_disputes_there_is_nothing_to_choose(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    dispute = disputed(api)
    assert dispute.intended_submission_method is None
    assert dispute.evidence_details.submission_method == "not_submitted"
    assert updated(api, dispute, intended_submission_method="manual").intended_submission_method is None
    assert answered(api, dispute, "x").evidence_details.submission_method == "manual"


@pytest.mark.parametrize(
    ("method", "staged", "end"),
    [
        ("manual", True, ("lost", "not_submitted")),
        ("prefer_manual", True, ("under_review", "manual")),
        ("prefer_manual", False, ("under_review", "smart_disputes")),
        ("prefer_smart_disputes", True, ("under_review", "smart_disputes")),
        ("smart_disputes", False, ("under_review", "smart_disputes")),
    ],
)
def test_when_the_time_is_over_stripe_answers_as_it_was_told(
    api: stripe.StripeClient, sandbox: Sandbox, method: str, staged: bool, end: tuple[str, str]
) -> None:
    sandbox.smart_disputes("prefer_manual")
    dispute = disputed(api)
    assert dispute.intended_submission_method == "prefer_manual"
    updated(api, dispute, intended_submission_method=method)
    if staged:
        updated(api, dispute, evidence={"service_date": "1 December"})
    sandbox.advance(NINE_DAYS)
    late = api.v1.disputes.retrieve(dispute.id)
    assert (late.status, late.evidence_details.submission_method) == end


def test_smart_disputes_can_not_be_submitted_by_hand(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.smart_disputes("smart_disputes")
    dispute = disputed(api)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        answered(api, dispute, "x")
    assert caught.value.code == "smart_disputes_not_available"
    assert api.v1.disputes.retrieve(dispute.id).evidence.uncategorized_text is None


def test_a_compliance_dispute_is_answered_only_once_its_fee_is_acknowledged(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    sandbox.smart_disputes("prefer_manual")
    dispute = disputed(api, "pm_card_createComplianceDispute")
    assert (dispute.reason, dispute.enhanced_eligibility_types) == ("noncompliant", ["visa_compliance"])
    with pytest.raises(stripe.InvalidRequestError, match="acknowledge the network fee"):
        answered(api, dispute, "x")
    agreed = updated(
        api, dispute, evidence={"enhanced_evidence": {"visa_compliance": {"fee_acknowledged": True}}}
    )
    shown = agreed.evidence_details.enhanced_eligibility.to_dict()
    assert shown == {"visa_compliance": {"status": "fee_acknowledged"}}
    assert answered(api, dispute, "x").status == "under_review"
    silent = disputed(api, "pm_card_createComplianceDispute")
    sandbox.advance(NINE_DAYS)
    assert api.v1.disputes.retrieve(silent.id).status == "lost"


def sale(charge: str | None = None, **identifiers: str) -> dict[str, str]:
    """One of the three payments, as enhanced evidence has it."""
    return {"product_description": "A haircut", **identifiers, **({"charge": charge} if charge else {})}


@pytest.mark.parametrize(
    ("known_by", "lacking"),
    [
        ({"customer_purchase_ip": IP, "customer_device_id": DEVICE}, []),
        ({"customer_purchase_ip": IP, "customer_account_id": "ada"}, []),
        ({"customer_purchase_ip": IP}, UNKNOWN),
        ({"customer_account_id": "ada", "customer_email_address": "a@example.com"}, UNKNOWN),
        ({"customer_device_id": DEVICE, "customer_device_fingerprint": DEVICE}, UNKNOWN),
    ],
)
def test_compelling_evidence_needs_payments_that_match(
    api: stripe.StripeClient, known_by: dict[str, str], lacking: list[str]
) -> None:
    earlier = [str(pay(api, "pm_card_visa").latest_charge) for _ in range(2)]
    dispute = disputed(api, "pm_card_createCe3EligibleDispute")
    asked = dispute.evidence_details.enhanced_eligibility.visa_compelling_evidence_3
    assert asked is not None
    assert (asked.status, len(asked.required_actions)) == ("requires_action", 5)
    compelling = {
        "disputed_transaction": {**sale(**known_by), "merchandise_or_services": "services"},
        "prior_undisputed_transactions": [sale(charge, **known_by) for charge in earlier],
    }
    staged = updated(api, dispute, evidence={"enhanced_evidence": {"visa_compelling_evidence_3": compelling}})
    found = staged.evidence_details.enhanced_eligibility.visa_compelling_evidence_3
    assert found is not None
    assert (found.status, found.required_actions) == ("requires_action" if lacking else "qualified", lacking)
    sent = answered(api, dispute, "x").evidence_details.enhanced_eligibility.visa_compelling_evidence_3
    assert sent is not None
    assert sent.status == ("not_qualified" if lacking else "qualified")


@pytest.mark.parametrize(
    "change", [{"customer_device_id": "short"}, {"customer_device_fingerprint": "also too short"}]
)
def test_a_device_is_named_at_length(api: stripe.StripeClient, change: dict[str, str]) -> None:
    dispute = disputed(api, "pm_card_createCe3EligibleDispute")
    compelling = {"disputed_transaction": sale(**change)}
    with pytest.raises(stripe.InvalidRequestError, match="at least"):
        updated(api, dispute, evidence={"enhanced_evidence": {"visa_compelling_evidence_3": compelling}})


@pytest.mark.parametrize(("end", "status"), [("win", "won"), ("lose", "lost")])
def test_a_lost_dispute_may_be_appealed(
    api: stripe.StripeClient, sandbox: Sandbox, end: str, status: str
) -> None:
    dispute = disputed(api)
    sandbox.lose(dispute.id)
    sandbox.open_appeal(dispute.id)
    with pytest.raises(stripe.InvalidRequestError, match="Only appeal evidence"):
        updated(api, dispute, evidence={"service_date": "1 December"})
    appeal = {"card": {"reason_for_filing": "They were there."}}
    staged = updated(api, dispute, evidence={"appeal": appeal})
    assert (staged.status, staged.evidence.appeal is not None) == ("appeal_needs_response", True)
    filed = api.v1.disputes.update(dispute.id, {"submit": True})
    assert filed.status == "appeal_under_review"
    assert filed.evidence_details.submission_method == "not_submitted"
    with pytest.raises(stripe.InvalidRequestError, match="already been submitted"):
        updated(api, dispute, evidence={"appeal": appeal}, submit=True)
    getattr(sandbox, end)(dispute.id)
    assert api.v1.disputes.retrieve(dispute.id).status == status
    assert types_of(sandbox, dispute)[-1] == ("funds_reinstated" if end == "win" else "closed")


def test_only_what_was_lost_can_be_appealed(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    with pytest.raises(Exception, match="Only a lost dispute"):
        sandbox.open_appeal(disputed(api).id)


def test_one_payment_can_be_disputed_more_than_once(api: stripe.StripeClient) -> None:
    intent = pay(api, "pm_card_createMultipleDisputes")
    reasons = [d.reason for d in api.v1.disputes.list({"payment_intent": intent.id}).data]
    assert reasons == ["product_not_received", "fraudulent"]

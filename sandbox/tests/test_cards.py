"""The test payment methods tell Stripe's stories."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import new_intent, pay


def types_after(sandbox: Sandbox, first: str = "payment_intent.created") -> list[str]:
    """The event types since the (only) intent was made."""
    types = [event["type"] for event in sandbox.all("events")]
    return types[types.index(first) + 1 :]


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_declined_card_leaves_the_intent_payable(
    api: stripe.StripeClient, sandbox: Sandbox, method: str, code: str, decline_code: str | None
) -> None:
    intent = new_intent(api)
    with pytest.raises(stripe.CardError) as caught:
        api.v1.payment_intents.confirm(intent.id, {"payment_method": method})
    assert caught.value.code == code
    assert caught.value.error is not None
    assert getattr(caught.value.error, "decline_code", None) == decline_code
    after = api.v1.payment_intents.retrieve(intent.id)
    assert after.status == "requires_payment_method"
    assert after.last_payment_error is not None
    assert after.last_payment_error.code == code
    assert types_after(sandbox) == ["charge.failed", "payment_intent.payment_failed"]
    assert api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_three_d_secure_waits_for_the_customer(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_card_authenticationRequired")
    assert intent.status == "requires_action"
    assert sandbox.authenticate(intent.id)["payment_intent"]["status"] == "succeeded"
    assert "payment_intent.requires_action" in types_after(sandbox)


def test_three_d_secure_can_fail(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_card_authenticationRequired")
    answer = sandbox.authenticate(intent.id, passed=False)
    assert answer["error"]["code"] == "payment_intent_authentication_failure"
    assert answer["payment_intent"]["status"] == "requires_payment_method"


def test_authentication_is_refused_off_session(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        api.v1.payment_intents.create(
            {
                "amount": 4500,
                "currency": "gbp",
                "payment_method": "pm_card_authenticationRequired",
                "confirm": True,
                "off_session": True,
            }
        )
    assert caught.value.code == "authentication_required"


def test_a_bank_debit_is_processing_before_it_succeeds(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_usBankAccount_success")
    assert intent.status == "processing"
    sandbox.settle()
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert types_after(sandbox)[0] == "payment_intent.processing"


def test_a_bank_debit_can_fail_late(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_usBankAccount_insufficientFunds")
    sandbox.settle()
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_disputed_card_is_disputed_before_the_intent_succeeds(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    pay(api, "pm_card_createDispute")
    assert types_after(sandbox) == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
        "charge.updated",
    ]


@pytest.mark.parametrize(
    ("method", "reason", "status"),
    [
        ("pm_card_createDispute", "fraudulent", "needs_response"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received", "needs_response"),
        ("pm_card_createDisputeInquiry", "fraudulent", "warning_needs_response"),
    ],
)
def test_dispute_cards_differ_by_reason_and_kind(
    api: stripe.StripeClient, method: str, reason: str, status: str
) -> None:
    intent = pay(api, method)
    dispute = api.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (dispute.reason, dispute.status) == (reason, status)


def test_a_fraud_record_card_gives_a_warning(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = pay(api, "pm_card_createIssuerFraudRecord")
    charge = str(intent.latest_charge)
    warning = api.v1.radar.early_fraud_warnings.list({"charge": charge}).data[0]
    assert warning.actionable
    api.v1.refunds.create({"charge": charge})
    assert not api.v1.radar.early_fraud_warnings.retrieve(warning.id).actionable
    assert "radar.early_fraud_warning.updated" in types_after(sandbox)


def test_an_unknown_payment_method_is_missing(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        pay(api, "pm_card_of_nobody")
    assert (caught.value.code, caught.value.param) == ("resource_missing", "payment_method")

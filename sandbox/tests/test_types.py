"""The sandbox's answers and events are such as Stripe's types say; all other tests look at that as well."""

import io
from typing import Any

import pytest
import stripe

from sandbox.cards.card_stories import CARDS
from sandbox.client import Sandbox
from sandbox.store.state import API_VERSION
from sandbox.tests.conftest import new_intent, pay
from sandbox.types.checking import event_slips, known, slips


def test_the_types_are_those_of_the_version_that_the_sandbox_and_the_sdk_speak() -> None:
    assert known()["api_version"] == API_VERSION == stripe.api_version


@pytest.fixture
def refund(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> dict[str, Any]:
    return api.v1.refunds.create({"payment_intent": paid.id}).to_dict(for_json=True)


@pytest.mark.parametrize(
    ("change", "slip"),
    [
        ({"amount": None}, "refund.amount: None instead of"),
        ({"amount": "45"}, "refund.amount: str instead of"),
        ({"amount": True}, "refund.amount: True instead of"),
        ({"pending_reason": None}, "refund.pending_reason: None instead of"),
        ({"pending_reason": "tired"}, "refund.pending_reason: str instead of"),
        ({"ammount": 1}, "refund.ammount: unknown"),
        ({"charge": {"object": "refund"}}, "refund.charge: dict instead of"),
        ({"metadata": {"a": 1}}, "refund.metadata[a]: 1 instead of"),
        (
            {"destination_details": {"card": {}, "type": "card"}},
            "refund.destination_details.card.type: missing",
        ),
        ({"object": "repayment"}, "repayment: no object of Stripe's"),
    ],
)
def test_a_slip_is_found(refund: dict[str, Any], change: dict[str, Any], slip: str) -> None:
    assert slips(refund) == []
    (found,) = slips(refund | change)
    assert found.startswith(slip)
    in_a_list = {"object": "list", "data": [refund, refund | change], "has_more": False, "url": "/v1/refunds"}
    assert slips(in_a_list) == [found]


def test_a_missing_field_is_found_at_any_depth(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    expanded = api.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]}).to_dict(for_json=True)
    assert slips(expanded) == []
    del expanded["latest_charge"]["payment_method_details"]["card"]["checks"]["cvc_check"]
    lacking = "payment_intent.latest_charge.payment_method_details.card.checks.cvc_check: missing"
    assert slips(expanded) == [lacking]


def test_a_value_that_a_test_made_up_is_no_slip_where_stripe_may_add_more(refund: dict[str, Any]) -> None:
    assert slips(refund | {"pending_reason": "tired"}, {"tired"}) == []


def test_an_event_about_another_object_than_its_type_says_is_found(sandbox: Sandbox, refund: Any) -> None:
    event = sandbox.all("events", type="refund.created")[0]
    assert event_slips(event) == []
    assert event_slips(event | {"type": "charge.succeeded"}) != []
    assert event_slips(event | {"type": "refund.succeeded"})[-1].startswith("event.type: Stripe sends no")
    changed = event["data"] | {"previous_attributes": {"colour": "red"}}
    assert event_slips(event | {"data": changed}) == ["refund.created.previous_attributes.colour: unknown"]


def test_every_answer_is_looked_at_and_told_of_once(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    warning = sandbox.early_fraud_warning(str(pay(api, "pm_card_visa").latest_charge))
    sandbox.emit("refund.succeeded", warning)
    assert sandbox.type_slips() == []
    sandbox.early_fraud_warning(warning["charge"], fraud_type=7)
    api.v1.radar.early_fraud_warnings.list()
    assert sandbox.type_slips() == [
        'radar.early_fraud_warning.created.fraud_type: 7 instead of "string"',
        'radar.early_fraud_warning.fraud_type: 7 instead of "string"',
    ]
    assert sandbox.type_slips() == []


@pytest.mark.parametrize("method", CARDS)
def test_the_whole_story_of_every_test_card_conforms(
    api: stripe.StripeClient, sandbox: Sandbox, method: str
) -> None:
    """The fixture looks after each test; here everything that can happen to an object does."""
    customer = api.v1.customers.create({"email": "someone@example.com"})
    intent = new_intent(api)
    api.v1.payment_intents.update(intent.id, {"customer": customer.id, "setup_future_usage": "off_session"})
    sandbox.pay(intent.id, method)
    sandbox.settle()
    charges = sandbox.all("charges", payment_intent=intent.id, status="succeeded")
    for charge in charges:
        sandbox.early_fraud_warning(charge["id"])
        if not charge["disputed"]:
            api.v1.refunds.create({"charge": charge["id"], "amount": 1500})
            sandbox.settle()
            dispute = sandbox.dispute(intent.id, reason="duplicate")
            sandbox.win(dispute["id"])
    for kind in (
        "payment_intents",
        "charges",
        "refunds",
        "disputes",
        "balance_transactions",
        "payment_methods",
    ):
        getattr(api.v1, kind).list()
    api.v1.radar.early_fraud_warnings.list()
    api.v1.events.list({"limit": 100})
    api.v1.balance.retrieve()
    api.v1.accounts.retrieve_current()
    api.v1.customers.delete(customer.id)
    assert sandbox.type_slips() == []
    assert len(sandbox.events_of(intent.id)) > 1


def test_keys_sessions_files_and_endpoints_conform(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    parcel: Any = {"name": "Ada"}
    customer = api.v1.customers.create({"address": {"city": "Bath"}, "shipping": parcel}).id
    api.v1.ephemeral_keys.create({"customer": customer}, {"stripe_version": "2024-06-20"})
    names = ("customer_sheet", "mobile_payment_element", "payment_element")
    for name in names:
        asked = {name: {"enabled": True, "features": {"payment_method_remove": "enabled"}}}
        session = api.v1.customer_sessions.create({"customer": customer, "components": asked})  # type: ignore[typeddict-item]
        assert session.components is not None
        shown = session.components.to_dict()
        assert shown[name]["features"]["payment_method_remove"] == "enabled"
        assert [shown[other]["features"] for other in names if other != name] == [None, None]
    api.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]})
    api.v1.files.create({"file": io.BytesIO(b"%PDF-"), "purpose": "dispute_evidence"})
    assert sandbox.type_slips() == []

"""Objects have every field that the SDK declares as always there."""

import io

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import pay

MAY_LACK = ("Optional", "NoneType", "ClassVar")


def missing(obj: stripe.StripeObject) -> set[str]:
    """The declared fields that `obj` lacks, with those of its parts."""
    declared = {n: str(hint) for n, hint in type(obj).__annotations__.items() if n != "OBJECT_NAME"}
    needed = {n for n, hint in declared.items() if not any(word in hint for word in MAY_LACK)}
    lacking = {name for name in needed if name not in obj}
    for name in declared:
        part = getattr(obj, name, None)
        if isinstance(part, stripe.StripeObject) and type(part) is not stripe.StripeObject:
            lacking |= {f"{name}.{inner}" for inner in missing(part)}
    return lacking


@pytest.fixture
def objects(api: stripe.StripeClient, sandbox: Sandbox) -> list[stripe.StripeObject]:
    """One object of each kind, with a story behind it."""
    customer = api.v1.customers.create({"email": "someone@example.com"})
    intent = pay(api, "pm_card_createDispute")
    refunded = pay(api, "pm_card_refundFail")
    refund = api.v1.refunds.create({"payment_intent": refunded.id})
    charge = str(intent.latest_charge)
    file = io.BytesIO(b"%PDF-")
    sandbox.settle()
    return [
        customer,
        intent,
        api.v1.charges.retrieve(charge),
        api.v1.refunds.retrieve(refund.id),
        api.v1.disputes.list({"charge": charge}).data[0],
        api.v1.balance_transactions.list().data[0],
        api.v1.balance.retrieve(),
        api.v1.payouts.create({"amount": 500, "currency": "gbp"}),
        api.v1.accounts.retrieve_current(),
        api.v1.events.list().data[0],
        api.v1.payment_methods.retrieve(str(intent.payment_method)),
        api.v1.ephemeral_keys.create({"customer": customer.id}, {"stripe_version": "2024-06-20"}),
        api.v1.customer_sessions.create(
            {"customer": customer.id, "components": {"buy_button": {"enabled": True}}}
        ),
        api.v1.webhook_endpoints.create({"url": "http://127.0.0.1:1/", "enabled_events": ["*"]}),
        api.v1.files.create({"file": file, "purpose": "dispute_evidence"}),
        stripe.radar.EarlyFraudWarning.construct_from(sandbox.early_fraud_warning(charge), "sk_test_x"),
    ]


def test_no_declared_field_is_missing(objects: list[stripe.StripeObject]) -> None:
    assert {type(obj).__name__: missing(obj) for obj in objects if missing(obj)} == {}

"""Stripe's SDK, pointed at the sandbox of all tests (conftest.py)."""

import pytest
import stripe

from sandbox.client import Sandbox

WEBHOOK_SECRET = "whsec_of_the_tests"


@pytest.fixture
def api(sandbox: Sandbox) -> stripe.StripeClient:
    """The real SDK, never trying again by itself."""
    return client_of(sandbox, "sk_test_anything")


def client_of(sandbox: Sandbox, key: str, *, retries: int = 0) -> stripe.StripeClient:
    """The SDK with that key."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": sandbox.base_url, "files": sandbox.base_url},
        max_network_retries=retries,
    )


@pytest.fixture
def paid(api: stripe.StripeClient) -> stripe.PaymentIntent:
    """45 pounds, paid with a card that makes no trouble."""
    return pay(api, "pm_card_visa")


def new_intent(api: stripe.StripeClient) -> stripe.PaymentIntent:
    """45 pounds to be paid."""
    return api.v1.payment_intents.create({"amount": 4500, "currency": "gbp"})


def pay(api: stripe.StripeClient, method: str) -> stripe.PaymentIntent:
    """A new intent of 45 pounds, confirmed with that test payment method."""
    return api.v1.payment_intents.confirm(new_intent(api).id, {"payment_method": method})

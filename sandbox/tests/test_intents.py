"""PaymentIntents: what may be done with them when, and the phone's secrets."""

from collections.abc import Callable

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import new_intent, pay


def test_an_open_intent_can_be_changed_and_canceled(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    customer = api.v1.customers.create({})
    intent = new_intent(api)
    changed = api.v1.payment_intents.update(intent.id, {"amount": 5000, "customer": customer.id})
    assert changed.amount == 5000
    assert [i.id for i in api.v1.payment_intents.list({"customer": customer.id}).data] == [intent.id]
    canceled = api.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert sandbox.events_of(intent.id)[-1]["type"] == "payment_intent.canceled"


@pytest.mark.parametrize(
    "step",
    [
        lambda api, id_: api.v1.payment_intents.confirm(id_, {"payment_method": "pm_card_visa"}),
        lambda api, id_: api.v1.payment_intents.cancel(id_),
        lambda api, id_: api.v1.payment_intents.update(id_, {"amount": 1}),
    ],
)
def test_a_paid_intent_is_final(
    api: stripe.StripeClient, paid: stripe.PaymentIntent, step: Callable[[stripe.StripeClient, str], object]
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        step(api, paid.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    assert caught.value.error is not None
    assert caught.value.error.payment_intent is not None
    assert caught.value.error.payment_intent.status == "succeeded"


def test_a_canceled_intent_cannot_be_paid(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = new_intent(api)
    api.v1.payment_intents.cancel(intent.id)
    assert sandbox.pay(intent.id)["error"]["code"] == "payment_intent_unexpected_state"


def test_a_payment_method_can_come_before_the_confirmation(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 4500, "currency": "gbp", "payment_method": "pm_card_mastercard"}
    )
    assert intent.status == "requires_confirmation"
    done = api.v1.payment_intents.confirm(intent.id, {"expand": ["latest_charge"]})
    assert isinstance(done.latest_charge, stripe.Charge)
    details = done.latest_charge.payment_method_details
    assert details is not None
    assert details.card is not None
    assert (details.card.brand, details.card.last4) == ("mastercard", "4444")
    method = api.v1.payment_methods.retrieve(str(done.payment_method))
    assert method.type == "card"


def test_confirming_needs_a_payment_method(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        api.v1.payment_intents.confirm(new_intent(api).id)


def test_the_phone_may_pay_another_amount(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = new_intent(api)
    sandbox.pay(intent.id, amount=100, currency="usd")
    after = api.v1.payment_intents.retrieve(intent.id)
    assert (after.amount_received, after.currency) == (100, "usd")


def test_paid_twice_means_two_intents_with_the_same_metadata(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    first = pay(api, "pm_card_visa")
    second = sandbox.pay_again(first.id)["payment_intent"]
    assert second["id"] != first.id
    assert (second["status"], second["metadata"]) == ("succeeded", first.metadata.to_dict())


def test_an_ephemeral_key_is_made_at_the_phones_version(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create({})
    key = api.v1.ephemeral_keys.create({"customer": customer.id}, {"stripe_version": "2024-06-20"})
    assert key.secret is not None
    assert key.secret.startswith("ek_test_")
    assert key.last_response is not None
    assert key.last_response.headers["Stripe-Version"] == "2024-06-20"
    assert key.expires - key.created == 3600


def test_a_customer_session_enables_what_was_asked(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create({})
    session = api.v1.customer_sessions.create(
        {
            "customer": customer.id,
            "components": {
                "mobile_payment_element": {
                    "enabled": True,
                    "features": {"payment_method_save": "enabled"},
                }
            },
        }
    )
    assert session.client_secret.startswith("cuss_")
    assert session.components is not None
    assert session.components.payment_element.enabled is False
    assert session.components.to_dict()["mobile_payment_element"]["enabled"] is True


def test_many_paid_intents_are_seeded_at_once(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    labels = [{"payment_id": str(n)} for n in range(3)]
    ids = sandbox.seed(3, amount=1000, metadata=labels)
    intents = [api.v1.payment_intents.retrieve(id_) for id_ in ids]
    assert [intent.metadata["payment_id"] for intent in intents] == ["0", "1", "2"]
    assert api.v1.refunds.create({"payment_intent": ids[0]}).status == "succeeded"
    assert [event["type"] for event in sandbox.all("events")] == ["refund.created", "charge.refunded"]

"""Every error of a refund, with the class and code that the SDK makes of it."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import client_of, new_intent, pay


def refused(api: stripe.StripeClient, **params: object) -> stripe.InvalidRequestError:
    """The error of a refund that Stripe refuses."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.refunds.create(params)  # type: ignore[arg-type]
    assert caught.value.http_status in (400, 404)
    return caught.value


def test_a_fully_refunded_charge(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    api.v1.refunds.create({"payment_intent": paid.id})
    assert refused(api, payment_intent=paid.id).code == "charge_already_refunded"


def test_more_than_is_left(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    api.v1.refunds.create({"payment_intent": paid.id, "amount": 1500})
    error = refused(api, payment_intent=paid.id, amount=4000)
    assert (error.code, error.param) == (None, "amount")
    words = "Refund amount (£40.00) is greater than unrefunded amount on charge (£30.00)"
    assert error.user_message == words


def test_a_charge_that_was_charged_back(api: stripe.StripeClient) -> None:
    error = refused(api, payment_intent=pay(api, "pm_card_createDispute").id)
    assert error.code == "charge_disputed"
    assert "has been charged back; cannot issue a refund." in str(error)


def test_an_unpaid_intent(api: stripe.StripeClient) -> None:
    error = refused(api, payment_intent=new_intent(api).id)
    assert error.code is None
    assert "does not have a successful charge to refund." in str(error)


def test_a_failed_charge(api: stripe.StripeClient) -> None:
    intent = new_intent(api)
    with pytest.raises(stripe.CardError):
        api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa_chargeDeclined"})
    charge = api.v1.payment_intents.retrieve(intent.id).latest_charge
    assert refused(api, charge=charge).code == "charge_not_refundable"


@pytest.mark.parametrize("amount", [0, -1, "ten"])
def test_an_impossible_amount(api: stripe.StripeClient, paid: stripe.PaymentIntent, amount: object) -> None:
    assert refused(api, payment_intent=paid.id, amount=amount).code == "parameter_invalid_integer"


def test_an_unknown_id(api: stripe.StripeClient) -> None:
    error = refused(api, payment_intent="pi_unknown")
    assert (error.code, error.http_status) == ("resource_missing", 404)


def test_neither_intent_nor_charge(api: stripe.StripeClient) -> None:
    assert refused(api, amount=100).code == "parameter_missing"


def test_an_unknown_reason(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    assert refused(api, payment_intent=paid.id, reason="changed_my_mind").param == "reason"


def test_an_unknown_parameter(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    error = refused(api, payment_intent=paid.id, foo="1")
    assert (error.code, error.param) == ("parameter_unknown", "foo")


def test_three_decimal_refunds_end_in_zero(api: stripe.StripeClient) -> None:
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 5000,
        "currency": "kwd",
        "payment_method": "pm_card_visa",
        "confirm": True,
    }
    intent = api.v1.payment_intents.create(params)
    assert refused(api, payment_intent=intent.id, amount=1001).param == "amount"
    assert api.v1.refunds.create({"payment_intent": intent.id, "amount": 1010}).amount == 1010


def test_a_card_refund_cannot_be_canceled(api: stripe.StripeClient, paid: stripe.PaymentIntent) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError, match="Canceling this refund is unsupported"):
        api.v1.refunds.cancel(refund.id)


@pytest.mark.parametrize("key", ["sk_live_anything", "rk_live_anything", "nonsense"])
def test_a_key_that_is_no_test_key(sandbox: Sandbox, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        client_of(sandbox, key).v1.balance.retrieve()
    assert key not in str(caught.value)


def test_a_publishable_key_sees_its_own_intent_only(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent, phone = new_intent(api), client_of(sandbox, "pk_test_phone")
    with pytest.raises(stripe.AuthenticationError):
        phone.v1.refunds.list()
    with pytest.raises(stripe.InvalidRequestError):
        phone.v1.payment_intents.retrieve(intent.id, {"client_secret": "of_another"})
    seen = phone.v1.payment_intents.retrieve(intent.id, {"client_secret": str(intent.client_secret)})
    assert seen.id == intent.id

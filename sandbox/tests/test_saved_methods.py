"""Payment methods that a customer keeps."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import pay


def saved(api: stripe.StripeClient, customer: str) -> list[str]:
    """The ids of what the customer keeps."""
    found = [method.id for method in api.v1.customers.payment_methods.list(customer).data]
    assert [method.id for method in api.v1.payment_methods.list({"customer": customer}).data] == found
    return found


def test_a_card_is_kept_when_the_payment_asks_for_it(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    customer = api.v1.customers.create({}).id
    wanted: stripe.params.PaymentIntentCreateParams = {
        "amount": 4500,
        "currency": "gbp",
        "customer": customer,
    }
    once = api.v1.payment_intents.create({**wanted, "confirm": True, "payment_method": "pm_card_visa"})
    assert (api.v1.payment_methods.retrieve(str(once.payment_method)).customer, saved(api, customer)) == (
        None,
        [],
    )
    kept = api.v1.payment_intents.create({**wanted, "setup_future_usage": "off_session"})
    method = sandbox.pay(kept.id)["payment_intent"]["payment_method"]
    assert saved(api, customer) == [method]
    assert sandbox.all("events", type="payment_method.attached")[0]["data"]["object"]["id"] == method
    again = api.v1.payment_intents.create({**wanted, "confirm": True, "payment_method": method})
    assert (again.status, again.payment_method) == ("succeeded", method)
    api.v1.payment_methods.detach(method)
    assert saved(api, customer) == []
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        api.v1.payment_methods.detach(method)


def test_a_card_belongs_to_one_customer(api: stripe.StripeClient) -> None:
    ada, eve = (api.v1.customers.create({}).id for _ in range(2))
    method = api.v1.payment_methods.attach("pm_card_visa", {"customer": ada}).id
    assert (saved(api, ada), saved(api, eve)) == ([method], [])
    with pytest.raises(stripe.InvalidRequestError, match="another customer"):
        api.v1.payment_methods.attach(method, {"customer": eve})
    api.v1.customers.delete(ada)
    assert api.v1.payment_methods.retrieve(method).customer is None


@pytest.mark.parametrize("name", ["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"])
def test_older_names_of_test_cards_are_known(api: stripe.StripeClient, name: str) -> None:
    with pytest.raises(stripe.CardError):
        pay(api, name)

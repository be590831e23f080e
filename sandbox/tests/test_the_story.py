"""Booked, paid, refunded: the calls of the main job, through the real SDK."""

import stripe

from sandbox.client import Sandbox


def test_a_payment_is_made_and_given_back(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    customer = api.v1.customers.create({"email": "someone@example.com"})
    intent = api.v1.payment_intents.create({"amount": 4500, "currency": "gbp", "customer": customer.id})
    assert sandbox.pay(intent.id)["error"] is None
    refund = api.v1.refunds.create({"payment_intent": intent.id, "metadata": {"refund_record": "7"}})
    charge = api.v1.charges.retrieve(str(refund.charge))
    assert (refund.status, refund.amount) == ("succeeded", 4500)
    assert (charge.refunded, charge.amount_refunded) == (True, 4500)
    assert [event["type"] for event in sandbox.all("events")] == [
        "customer.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
        "refund.created",
        "charge.refunded",
    ]

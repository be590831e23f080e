"""What becomes of a refund: at once, later, never."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import pay


def refund_of(api: stripe.StripeClient, method: str = "pm_card_visa") -> stripe.Refund:
    """A full refund of a payment by that card."""
    return api.v1.refunds.create({"payment_intent": pay(api, method).id, "metadata": {"ours": "1"}})


def types_of(sandbox: Sandbox, refund: stripe.Refund) -> list[str]:
    """The event types about the refund."""
    return [event["type"] for event in sandbox.events_of(refund.id)]


def charge_of(api: stripe.StripeClient, refund: stripe.Refund) -> stripe.Charge:
    """The refund's charge as it is now."""
    return api.v1.charges.retrieve(str(refund.charge))


def test_a_card_refund_succeeds_at_once_and_is_traced_later(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    refund = refund_of(api)
    assert refund.status == "succeeded"
    assert types_of(sandbox, refund) == ["refund.created"]
    sandbox.settle()
    assert types_of(sandbox, refund) == ["refund.created", "refund.updated", "charge.refund.updated"]
    traced = api.v1.refunds.retrieve(refund.id)
    assert traced.destination_details is not None
    assert traced.destination_details.card is not None
    assert traced.destination_details.card.reference_status == "available"


def test_a_pending_refund_succeeds_later(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = refund_of(api, "pm_card_pendingRefund")
    assert (refund.status, refund.balance_transaction) == ("pending", None)
    assert charge_of(api, refund).amount_refunded == 4500
    sandbox.advance(3600)
    assert api.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert "refund.updated" in types_of(sandbox, refund)


def test_a_refund_can_fail_after_it_succeeded(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = refund_of(api, "pm_card_refundFail")
    assert refund.status == "succeeded"
    sandbox.settle()
    failed = api.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.net == 4500
    assert types_of(sandbox, refund)[-1] == "refund.failed"
    assert charge_of(api, refund).amount_refunded == 0
    assert api.v1.refunds.create({"charge": str(refund.charge)}).status == "succeeded"


def test_the_bank_settles_a_refund_by_hand(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    succeeds, fails, stops = (refund_of(api, "pm_card_pendingRefund").id for _ in range(3))
    assert sandbox.succeed_refund(succeeds)["status"] == "succeeded"
    assert sandbox.fail_refund(fails, "declined")["failure_reason"] == "declined"
    assert sandbox.cancel_refund(stops)["status"] == "canceled"
    sandbox.settle()
    assert [r["status"] for r in sandbox.all("refunds")] == ["succeeded", "failed", "canceled"]


def test_without_balance_a_card_refund_waits(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.set_balance("gbp", 0)
    intent = pay(api, "pm_card_visa")
    sandbox.set_balance("gbp", 4000)
    refund = api.v1.refunds.create({"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    sandbox.settle()
    assert api.v1.refunds.retrieve(refund.id).status == "pending"
    sandbox.set_balance("gbp", 4500)
    assert api.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert api.v1.balance.retrieve().available[0].amount == 0


def test_a_dashboard_refund_has_no_metadata(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent
) -> None:
    refund = sandbox.dashboard_refund(paid.id, 500)
    assert (refund["metadata"], refund["amount"]) == ({}, 500)
    assert sandbox.refunds_of(paid.id) == [refund]


def test_only_metadata_can_be_changed(api: stripe.StripeClient) -> None:
    refund = refund_of(api)
    updated = api.v1.refunds.update(refund.id, {"metadata": {"more": "2", "ours": ""}})
    assert updated.metadata is not None
    assert updated.metadata.to_dict() == {"more": "2"}
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.refunds.update(refund.id, {"amount": 1})  # type: ignore[arg-type]


def test_refunds_are_found_by_intent_charge_and_time(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    first = refund_of(api)
    sandbox.advance(100)
    second = refund_of(api)
    by_intent = api.v1.refunds.list({"payment_intent": str(first.payment_intent)})
    by_charge = api.v1.refunds.list({"charge": str(second.charge)})
    since = api.v1.refunds.list({"created": {"gt": first.created}})
    assert [r.id for r in by_intent.data] == [first.id]
    assert [r.id for r in by_charge.data] == [r.id for r in since.data] == [second.id]


def test_the_balance_tells_what_moved(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = refund_of(api, "pm_card_refundFail")
    sandbox.settle()
    moved = api.v1.balance_transactions.list().data
    assert [(t.type, t.amount) for t in moved] == [
        ("refund_failure", 4500),
        ("refund", -4500),
        ("charge", 4500),
    ]
    of_refund = api.v1.balance_transactions.list({"source": refund.id})
    assert len(of_refund.data) == 2

"""Payouts and the balance transactions that they are made of."""

import pytest
import stripe

from sandbox.client import ControlError, Sandbox
from sandbox.tests.conftest import pay

DAY = 24 * 3600


def lines(api: stripe.StripeClient, payout: str) -> list[stripe.BalanceTransaction]:
    """What Stripe lists for a payout, its own line left out."""
    listed = api.v1.balance_transactions.list({"payout": payout, "limit": 100})
    return [line for line in listed.auto_paging_iter() if line.source != payout]


def types_of(sandbox: Sandbox, payout: str) -> list[str]:
    """The events about a payout."""
    return [event["type"].removeprefix("payout.") for event in sandbox.events_of(payout)]


def test_an_automatic_payout_is_the_sum_of_its_lines(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    first, second = pay(api, "pm_card_visa"), pay(api, "pm_card_createDispute")
    api.v1.refunds.create({"payment_intent": first.id, "amount": 1000})
    sandbox.move("stripe_fee", -200, description="Radar")
    sandbox.pay(api.v1.payment_intents.create({"amount": 900_000, "currency": "jpy"}).id)
    pounds, yen = sandbox.pay_out()
    assert (pounds["currency"], yen["currency"]) == ("gbp", "jpy")
    found = lines(api, pounds["id"])
    categories = ["charge", "charge", "dispute", "refund", "fee"]
    assert [line.reporting_category for line in found] == categories[::-1]
    assert sum(line.net for line in found) == pounds["amount"]
    listed = api.v1.balance_transactions.list({"payout": pounds["id"], "limit": 100}).data
    assert sum(line.net for line in listed) == 0
    assert api.v1.charges.retrieve(str(second.latest_charge)).disputed
    assert sandbox.pay_out() == []


def test_a_payout_goes_its_way(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, "pm_card_visa")
    (payout,) = sandbox.pay_out()
    assert (payout["status"], payout["reconciliation_status"]) == ("pending", "in_progress")
    sandbox.settle()
    sandbox.advance(2 * DAY)
    assert types_of(sandbox, payout["id"]) == [
        "created",
        "updated",
        "reconciliation_completed",
        "paid",
        "updated",
    ]
    arrived = api.v1.payouts.retrieve(payout["id"])
    assert (arrived.status, arrived.reconciliation_status) == ("paid", "completed")
    assert arrived.trace_id is not None
    assert arrived.trace_id.status == "supported"


def test_a_failed_payout_goes_out_again_with_the_next(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, "pm_card_visa")
    (first,) = sandbox.pay_out()
    sandbox.arrive(first["id"])
    failed = sandbox.fail_payout(first["id"], "no_account")
    assert (failed["status"], failed["failure_code"]) == ("failed", "no_account")
    assert types_of(sandbox, first["id"])[-1] == "failed"
    pay(api, "pm_card_visa")
    (second,) = sandbox.pay_out()
    charge, back = lines(api, second["id"])
    assert (back.id, back.type, back.reporting_category) == (
        failed["failure_balance_transaction"],
        "payout_failure",
        "payout_reversal",
    )
    assert second["amount"] == charge.net + first["amount"]
    # What went out with the first still counts as its lines.
    assert sum(line.net for line in lines(api, first["id"])) == first["amount"]


def test_a_manual_payout_has_no_lines(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    payout = api.v1.payouts.create({"amount": 5000, "currency": "gbp", "metadata": {"by": "hand"}})
    assert (payout.automatic, payout.reconciliation_status) == (False, "not_applicable")
    with pytest.raises(stripe.InvalidRequestError, match="automatic"):
        api.v1.balance_transactions.list({"payout": payout.id})
    assert api.v1.payouts.cancel(payout.id).status == "canceled"
    moved = api.v1.balance_transactions.list({"source": payout.id}).data
    assert [(line.type, line.net) for line in moved] == [("payout_cancel", 5000), ("payout", -5000)]
    with pytest.raises(stripe.InvalidRequestError, match="canceled"):
        api.v1.payouts.cancel(payout.id)
    assert types_of(sandbox, payout.id) == ["created", "canceled"]


def test_an_instant_payout_costs(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    payout = sandbox.pay_out_by_hand(10_000, method="instant")
    own = api.v1.balance_transactions.retrieve(payout["balance_transaction"])
    assert (own.amount, own.fee, own.net) == (-10_000, 100, -10_100)
    sandbox.advance(1800)
    assert api.v1.payouts.retrieve(payout["id"]).status == "paid"


def test_more_than_there_is_can_not_be_paid_out(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    sandbox.set_balance("gbp", 4999)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.payouts.create({"amount": 5000, "currency": "gbp"})
    assert caught.value.code == "balance_insufficient"
    with pytest.raises(ControlError):
        sandbox.pay_out_by_hand(0)


def test_a_charge_can_wait_before_it_is_available(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    before = api.v1.balance.retrieve()
    sandbox.call("schedule", settle_days=2)
    pay(api, "pm_card_visa")
    waiting = api.v1.balance.retrieve()
    assert waiting.available[0].amount == before.available[0].amount
    assert waiting.pending[0].amount == 4500 - 160
    assert sandbox.pay_out() == []
    sandbox.advance(2 * DAY)
    assert api.v1.balance.retrieve().pending[0].amount == 0
    assert [payout["amount"] for payout in sandbox.pay_out()] == [4500 - 160]


def test_the_balance_is_what_the_transactions_add_up_to(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    before = api.v1.balance.retrieve().available[0].amount
    pay(api, "pm_card_createDispute")
    sandbox.pay_out_by_hand(700, method="instant")
    sandbox.set_balance("gbp", 300_000)
    moved = sum(line.net for line in api.v1.balance_transactions.list({"limit": 100}).data)
    assert before + moved == api.v1.balance.retrieve().available[0].amount == 300_000


def test_money_after_a_dispute_and_a_failed_refund_has_its_category(
    sandbox: Sandbox, api: stripe.StripeClient
) -> None:
    dispute = sandbox.dispute(pay(api, "pm_card_visa").id)
    sandbox.win(dispute["id"])
    refund = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_visa").id})
    sandbox.fail_refund(refund.id)
    sandbox.move("stripe_fee", -1500, source=dispute["id"])
    listed = api.v1.balance_transactions.list({"limit": 5, "expand": ["data.source"]}).data
    assert [line.reporting_category for line in listed] == [
        "fee",
        "refund_failure",
        "refund",
        "charge",
        "dispute_reversal",
    ]
    source = listed[0].source
    assert isinstance(source, stripe.Dispute)


def test_what_is_sold_abroad_is_settled_at_a_rate(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    sandbox.call("exchange", currency="usd", into="gbp", rate=0.8)
    intent = api.v1.payment_intents.create({"amount": 1001, "currency": "usd"})
    sandbox.pay(intent.id)
    (line,) = api.v1.balance_transactions.list({"type": "charge"}).data
    assert (line.amount, line.currency, line.exchange_rate) == (801, "gbp", 0.8)
    assert sandbox.pay_out()[0]["currency"] == "gbp"


def test_payouts_are_found_by_state_and_day(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    first = sandbox.pay_out_by_hand(100)
    sandbox.advance(3 * DAY)
    second = sandbox.pay_out_by_hand(200)
    assert [p.id for p in api.v1.payouts.list({"status": "paid"}).data] == [first["id"]]
    late = api.v1.payouts.list({"arrival_date": {"gte": second["arrival_date"]}})
    assert [p.id for p in late.data] == [second["id"]]
    assert len(api.v1.payouts.list({"created": {"lte": second["created"]}}).data) == 2
    named = api.v1.payouts.update(first["id"], {"metadata": {"note": "x"}})
    assert named.metadata is not None
    assert named.metadata["note"] == "x"


def test_lines_can_be_withheld_and_changed(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    pay(api, "pm_card_visa")
    (line,) = api.v1.balance_transactions.list().data
    sandbox.withhold(line.id)
    assert api.v1.balance_transactions.list().data == []
    sandbox.withhold(line.id, shown=True)
    changed = sandbox.call(f"movements/{line.id}/alter", amount=4400)
    assert changed["net"] == 4400 - 160
    with pytest.raises(ControlError):
        sandbox.move("nonsense", 5)
    with pytest.raises(ControlError):
        sandbox.move("stripe_fee", -5, source="ch_unknown")

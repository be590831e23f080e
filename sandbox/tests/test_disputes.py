"""The whole life of a dispute: money, evidence, outcome."""

import pytest
import stripe

from sandbox.client import Sandbox
from sandbox.tests.conftest import pay


def disputed(api: stripe.StripeClient, method: str = "pm_card_createDispute") -> stripe.Dispute:
    """The dispute of a payment with that card."""
    return api.v1.disputes.list({"payment_intent": pay(api, method).id}).data[0]


def answered(api: stripe.StripeClient, dispute: stripe.Dispute, words: str) -> stripe.Dispute:
    """Evidence submitted."""
    return api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}})


def types_of(sandbox: Sandbox, dispute: stripe.Dispute) -> list[str]:
    """The last parts of the event types about the dispute."""
    return [event["type"].removeprefix("charge.dispute.") for event in sandbox.events_of(dispute.id)]


def test_a_chargeback_takes_the_money_and_a_fee(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    (withdrawal,) = dispute.balance_transactions
    assert (withdrawal.amount, withdrawal.fee, withdrawal.net) == (-4500, 1500, -6000)
    assert dispute.status == "needs_response"
    assert not dispute.is_charge_refundable
    assert api.v1.charges.retrieve(str(dispute.charge)).disputed
    days = (dispute.evidence_details.due_by or 0) - dispute.created
    assert days == 9 * 24 * 3600


def test_winning_evidence_brings_the_money_back_but_not_the_fee(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    dispute = answered(api, disputed(api), "winning_evidence")
    assert dispute.status == "under_review"
    assert dispute.evidence_details.submission_count == 1
    sandbox.settle()
    won = api.v1.disputes.retrieve(dispute.id)
    assert (won.status, won.is_charge_refundable) == ("won", True)
    assert [(t.amount, t.fee) for t in won.balance_transactions] == [(-4500, 1500), (4500, 0)]
    assert types_of(sandbox, dispute) == [
        "created",
        "funds_withdrawn",
        "updated",
        "closed",
        "funds_reinstated",
    ]
    assert api.v1.refunds.create({"charge": str(dispute.charge)}).status == "succeeded"


def test_losing_evidence_keeps_it_gone(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    dispute = answered(api, disputed(api), "losing_evidence")
    sandbox.settle()
    lost = api.v1.disputes.retrieve(dispute.id)
    assert (lost.status, lost.is_charge_refundable) == ("lost", False)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.refunds.create({"charge": str(dispute.charge)})
    assert caught.value.code == "charge_disputed"


def test_other_evidence_waits_for_the_bank(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    dispute = answered(api, disputed(api), "They were there.")
    sandbox.settle()
    assert api.v1.disputes.retrieve(dispute.id).status == "under_review"
    assert sandbox.win(dispute.id)["status"] == "won"


def test_staged_evidence_is_submitted_by_itself_later(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    staged = api.v1.disputes.update(dispute.id, {"evidence": {"service_date": "2026-12-01"}, "submit": False})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert staged.evidence_details.submission_count == 0
    submitted = api.v1.disputes.update(dispute.id, {"submit": True})
    assert submitted.status == "under_review"
    assert submitted.evidence.service_date == "2026-12-01"


def test_evidence_is_submitted_once(api: stripe.StripeClient) -> None:
    dispute = answered(api, disputed(api), "first")
    with pytest.raises(stripe.InvalidRequestError, match="already been submitted"):
        answered(api, dispute, "second")


def test_accepting_is_final(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    dispute = disputed(api)
    assert api.v1.disputes.close(dispute.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed"):
        api.v1.disputes.close(dispute.id)
    with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed"):
        answered(api, dispute, "too late")
    assert types_of(sandbox, dispute)[-1] == "closed"


def test_an_inquiry_withdraws_nothing_and_a_full_refund_closes_it(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    inquiry = disputed(api, "pm_card_createDisputeInquiry")
    assert (inquiry.balance_transactions, inquiry.is_charge_refundable) == ([], True)
    api.v1.refunds.create({"charge": str(inquiry.charge), "amount": 4000})
    assert api.v1.disputes.retrieve(inquiry.id).status == "warning_needs_response"
    api.v1.refunds.create({"charge": str(inquiry.charge)})
    assert api.v1.disputes.retrieve(inquiry.id).status == "warning_closed"
    assert types_of(sandbox, inquiry) == ["created", "closed"]


def test_an_inquiry_can_become_a_chargeback(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    inquiry = answered(api, disputed(api, "pm_card_createDisputeInquiry"), "escalate_inquiry_evidence")
    assert inquiry.status == "warning_under_review"
    sandbox.settle()
    chargeback = api.v1.disputes.retrieve(inquiry.id)
    assert (chargeback.status, len(chargeback.balance_transactions)) == ("needs_response", 1)
    assert types_of(sandbox, inquiry) == ["created", "updated", "updated", "funds_withdrawn"]
    assert answered(api, chargeback, "winning_evidence").status == "under_review"


def test_an_unanswered_dispute_is_lost_when_its_time_is_over(
    api: stripe.StripeClient, sandbox: Sandbox
) -> None:
    dispute = disputed(api)
    sandbox.advance(9 * 24 * 3600 - 60)
    assert api.v1.disputes.retrieve(dispute.id).status == "needs_response"
    sandbox.advance(61)
    late = api.v1.disputes.retrieve(dispute.id)
    assert (late.status, late.evidence_details.past_due) == ("lost", True)


def test_the_time_to_answer_can_be_set(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    dispute = disputed(api)
    sandbox.set_due_by(dispute.id, dispute.created + 60)
    sandbox.advance(61)
    assert api.v1.disputes.retrieve(dispute.id).status == "lost"
    hopeless = disputed(api)
    sandbox.set_due_by(hopeless.id, 0)
    with pytest.raises(stripe.InvalidRequestError, match="can't be answered"):
        answered(api, hopeless, "winning_evidence")


def test_refused_evidence_changes_nothing(api: stripe.StripeClient) -> None:
    dispute = answered(api, disputed(api), "first")
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.disputes.update(dispute.id, {"metadata": {"a": "1"}, "evidence": {"service_date": "x"}})
    assert api.v1.disputes.retrieve(dispute.id).metadata.to_dict() == {}


@pytest.mark.parametrize(("age", "status"), [(0, "failed"), (300, "succeeded")])
def test_a_refund_just_before_a_chargeback_is_taken_back(
    api: stripe.StripeClient, sandbox: Sandbox, paid: stripe.PaymentIntent, age: int, status: str
) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id, "amount": 2000})
    sandbox.advance(age)
    dispute = sandbox.dispute(paid.id, reason="product_not_received")
    sandbox.settle()
    after = api.v1.refunds.retrieve(refund.id)
    assert after.status == status
    assert dispute["balance_transactions"][0]["amount"] == -4500
    reason = "charge_for_pending_refund_disputed" if status == "failed" else None
    assert getattr(after, "failure_reason", None) == reason


def test_the_bank_plays_by_hand(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    def inquiry() -> str:
        return str(sandbox.dispute(pay(api, "pm_card_visa").id, inquiry=True)["id"])

    assert sandbox.close_inquiry(inquiry())["status"] == "warning_closed"
    chargeback = sandbox.escalate(inquiry())
    assert sandbox.lose(chargeback["id"])["status"] == "lost"
    prevented = sandbox.dispute(pay(api, "pm_card_visa").id, amount=1000)["id"]
    assert sandbox.call(f"disputes/{prevented}/prevent")["status"] == "prevented"
    unknown = sandbox.dispute(pay(api, "pm_card_visa").id)["id"]
    assert sandbox.move_dispute(unknown, "appeal_under_review")["status"] == "appeal_under_review"


def test_disputes_are_found_by_charge_and_time(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    found = api.v1.disputes.list({"charge": str(dispute.charge), "created": {"lte": dispute.created}})
    assert [d.id for d in found.data] == [dispute.id]
    assert api.v1.disputes.list({"created": {"gt": dispute.created}}).data == []

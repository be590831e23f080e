"""Disputes with a fee of the network's own, and the second chance after a lost one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.world import Postman
from core.work import jobs
from payments.models import TransactionKind
from refunds.dispute_response import appeal, deadlines, draft, filing
from refunds.disputes import costs
from refunds.models import Dispute
from refunds.tests.dispute_world import UPDATES, at_stripe, dispute_of, refused, tell
from refunds.tests.workshop import chain_is_whole, mails
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def compliance(paid: Booking, sandbox: Sandbox, postman: Postman, staff: By) -> Dispute:
    """Staged, not submitted."""
    dispute = dispute_of(paid, sandbox, postman, reason="noncompliant", case="compliance")
    filing.stage(dispute, texts={"customer_name": "Ada"}, by=staff, now=timezone.now())
    dispute.refresh_from_db()
    return dispute


def hand_in(dispute: Dispute, staff: By, *, fee: bool) -> None:
    digest = draft.of(dispute, timezone.now()).digest
    filing.submit(dispute, digest=digest, by=staff, now=timezone.now(), fee_acknowledged=fee)
    dispute.refresh_from_db()


def test_the_networks_fee_is_agreed_to_or_nothing_is_submitted(
    compliance: Dispute, staff: By, sandbox: Sandbox
) -> None:
    assert compliance.case_type == "compliance"
    with refused("fee_not_acknowledged"):
        hand_in(compliance, staff, fee=False)
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 0
    shown = at_stripe(sandbox)["evidence_details"]["enhanced_eligibility"]
    assert shown == {"visa_compliance": {"status": "requires_fee_acknowledgement"}}
    hand_in(compliance, staff, fee=True)
    assert compliance.verified_at is not None
    assert compliance.enhanced == {"visa_compliance": {"status": "fee_acknowledged"}}


def test_staging_agrees_to_no_fee(compliance: Dispute, sandbox: Sandbox) -> None:
    assert at_stripe(sandbox)["evidence"]["enhanced_evidence"] == {}


def test_costs_are_told_before(compliance: Dispute, disputed: Dispute) -> None:
    assert any("500 USD" in line for line in costs.in_sentences(compliance))
    told = costs.in_sentences(disputed)
    assert told[0] == "Stripe took £15.00 when the dispute came, and keeps it whatever happens."
    assert any("returns that one if you win" in line for line in told)
    assert not any("500 USD" in line for line in told)
    inquiry = Dispute(status="warning_needs_response", is_charge_refundable=True)
    assert costs.in_sentences(inquiry) == ["Answering an inquiry costs nothing."]
    assert "card network" in costs.in_sentences(Dispute(status=appeal.WAITS))[0]


@pytest.fixture
def appealable(disputed: Dispute, sandbox: Sandbox, postman: Postman) -> Dispute:
    """Lost, but Stripe lets us appeal."""
    sandbox.lose(disputed.stripe_dispute_id)
    tell(postman)
    sandbox.open_appeal(disputed.stripe_dispute_id)
    tell(postman)
    disputed.refresh_from_db()
    return disputed


def test_an_appeal_is_told_and_reminded_of(appealable: Dispute) -> None:
    assert (appealable.status, appealable.is_open) == (appeal.WAITS, True)
    assert mails(appealable.booking, "staff").count("dispute_opened") == 2
    Dispute.objects.update(submitted_at=timezone.now())
    due = appealable.evidence_due_by
    assert due is not None
    deadlines.remind(lambda: due - timedelta(days=1, hours=12))
    assert "dispute_due" in mails(appealable.booking, "staff")


def test_an_appeal_is_filed_once_with_its_reason_and_papers(
    appealable: Dispute, staff: By, sandbox: Sandbox
) -> None:
    now = timezone.now()
    with refused("in_appeal"):
        filing.stage(appealable, texts={"customer_name": "Ada"}, by=staff, now=now)
    with refused("reason_missing"):
        appeal.file(appealable, reason="  ", by=staff, now=now)
    with refused("bad_file"):
        appeal.file(appealable, reason="They came.", document=("x.exe", b"MZ"), by=staff, now=now)
    appeal.file(appealable, reason="They came.", document=("sign.png", b"\x89PNG"), by=staff, now=now)
    appealable.refresh_from_db()
    assert (appealable.status, appealable.appealed_at is not None) == (appeal.FILED, True)
    filed = at_stripe(sandbox)["evidence"]["appeal"]["card"]
    assert (filed["reason_for_filing"], len(filed["supporting_files"])) == ("They came.", 2)
    with refused("already_submitted"):
        appeal.file(appealable, reason="Again", by=staff, now=now)
    assert chain_is_whole(appealable.booking)


@pytest.mark.parametrize(("end", "kept"), [("win", 1), ("lose", 0)])
def test_the_appeals_end_is_told_and_booked(
    appealable: Dispute, staff: By, sandbox: Sandbox, postman: Postman, end: str, kept: int
) -> None:
    appeal.file(appealable, reason="They came.", by=staff, now=timezone.now())
    getattr(sandbox, end)(appealable.stripe_dispute_id)
    tell(postman)
    appealable.refresh_from_db()
    assert not appealable.is_open
    returned = appealable.payment.transactions.filter(kind=TransactionKind.CHARGEBACK_RETURNED)
    assert returned.count() == kept
    assert mails(appealable.booking, "staff").count("dispute_decided") == 2


def test_an_appeal_that_stripe_did_not_take_can_be_filed_again(
    appealable: Dispute, staff: By, sandbox: Sandbox
) -> None:
    sandbox.fault("error_before", method="POST", path=UPDATES, count=3)
    with refused("not_submitted"):
        appeal.file(appealable, reason="They came.", by=staff, now=timezone.now())
    sandbox.clear_faults()
    appeal.file(appealable, reason="They came.", by=staff, now=timezone.now())
    appealable.refresh_from_db()
    assert appealable.appealed_at is not None


def test_an_appeal_whose_answer_was_lost_is_found_by_the_worker(
    appealable: Dispute, staff: By, sandbox: Sandbox
) -> None:
    sandbox.fault("answer_lost", method="POST", path=UPDATES, count=3)
    sandbox.fault("outage", method="GET", path=UPDATES, should_retry=False)
    with refused("stripe_unavailable"):
        appeal.file(appealable, reason="They came.", by=staff, now=timezone.now())
    sandbox.clear_faults()
    jobs.run_until_idle(lambda: timezone.now() + timedelta(minutes=5))
    appealable.refresh_from_db()
    assert (appealable.appealed_at is not None, appealable.handing_in_until) == (True, None)


def test_what_can_not_be_appealed_says_so(disputed: Dispute, staff: By) -> None:
    with refused("not_appealable"):
        appeal.file(disputed, reason="They came.", by=staff, now=timezone.now())

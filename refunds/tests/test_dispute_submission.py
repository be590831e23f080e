"""Evidence is staged as often as wanted, submitted once, read back, and refused where it is too late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.racing import at_once
from config.tests.world import Customer, Postman, run_workers
from core.errors import DomainError
from core.work import jobs
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response import filing, resolution
from refunds.models import Dispute
from refunds.tests.dispute_world import UPDATES, at_stripe, refused, submit, updates
from refunds.tests.workshop import chain_is_whole, intent_of, mails
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_staging_hands_nothing_in(staged: Dispute, sandbox: Sandbox) -> None:
    told = at_stripe(sandbox)
    assert told["evidence_details"]["submission_count"] == 0
    assert told["evidence"]["customer_email_address"] == "ada@example.com"
    assert told["evidence"]["service_documentation"] == sandbox.all("files")[0]["id"]
    assert (staged.status, staged.submitted_at) == ("needs_response", None)
    assert staged.staged_at is not None


def test_what_is_taken_out_is_cleared_at_stripe(staged: Dispute, staff: By, sandbox: Sandbox) -> None:
    filing.stage(staged, texts={"customer_name": "Ada\r\nL."}, by=staff, now=timezone.now())
    told = at_stripe(sandbox)["evidence"]
    assert (told["customer_name"], told["product_description"]) == ("Ada\nL.", None)


def test_submitted_once_it_is_read_back_and_verified(staged: Dispute, staff: By, sandbox: Sandbox) -> None:
    submit(staged, staff)
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 1
    assert staged.submitted_at is not None
    assert staged.verified_at is not None
    assert (staged.status, staged.handing_in_until) == ("under_review", None)
    before = updates(sandbox)
    with refused("already_submitted"):
        submit(staged, staff)
    assert updates(sandbox) == before
    assert chain_is_whole(staged.booking)


def test_what_was_not_staged_or_not_looked_at_is_not_submitted(disputed: Dispute, staff: By) -> None:
    with refused("not_staged"):
        submit(disputed, staff)
    filing.stage(disputed, texts={"customer_name": "Ada"}, by=staff, now=timezone.now())
    with refused("changed"):
        filing.submit(disputed, digest="of another draft", by=staff, now=timezone.now())
    assert Dispute.objects.get().submissions == 0


def test_while_one_submits_another_is_told_to_wait(staged: Dispute, staff: By) -> None:
    Dispute.objects.update(handing_in_until=timezone.now() + timedelta(seconds=100))
    with refused("in_hand"):
        submit(staged, staff)


def test_a_lost_answer_is_looked_up_instead_of_submitting_twice(
    staged: Dispute, staff: By, sandbox: Sandbox
) -> None:
    sandbox.fault("answer_lost", method="POST", path=UPDATES, count=3)
    submit(staged, staff)
    assert staged.verified_at is not None
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 1


def test_what_stripe_did_not_take_can_be_submitted_again(
    staged: Dispute, staff: By, sandbox: Sandbox
) -> None:
    sandbox.fault("error_before", method="POST", path=UPDATES, count=3)
    with refused("not_submitted"):
        submit(staged, staff)
    sandbox.clear_faults()
    submit(staged, staff)
    assert staged.verified_at is not None


@pytest.fixture
def half_submitted(staged: Dispute, staff: By, sandbox: Sandbox) -> Dispute:
    """Stripe took it and fell silent."""
    sandbox.fault("answer_lost", method="POST", path=UPDATES, count=3)
    sandbox.fault("outage", method="GET", path=UPDATES, should_retry=False)
    with refused("not_known"):
        submit(staged, staff)
    sandbox.clear_faults()
    return staged


def test_what_nobody_learnt_is_asked_for_by_the_worker(half_submitted: Dispute) -> None:
    later = timezone.now() + timedelta(minutes=5)
    jobs.run_until_idle(lambda: later)
    half_submitted.refresh_from_db()
    assert half_submitted.verified_at is not None
    assert half_submitted.handing_in_until is None


def test_a_submission_that_died_is_told_to_staff(staged: Dispute) -> None:
    Dispute.objects.update(handing_in_until=timezone.now())
    jobs.run_until_idle(lambda: timezone.now() + timedelta(minutes=5))
    staged.refresh_from_db()
    assert (staged.submitted_at, staged.handing_in_until) == (None, None)
    assert "evidence_not_submitted" in mails(staged.booking, "staff")


def test_other_evidence_at_stripe_is_not_called_verified(
    staged: Dispute, staff: By, sandbox: Sandbox
) -> None:
    submit(staged, staff)
    Dispute.objects.update(verified_at=None, handing_in_until=timezone.now())
    draft = evidence_draft.of(staged, timezone.now()).stored()
    draft["texts"]["customer_name"] = "Somebody else"
    Dispute.objects.update(evidence=draft)
    filing.look_after(timezone.now)
    staged.refresh_from_db()
    assert staged.verified_at is None
    assert "evidence_differs" in mails(staged.booking, "staff")


def test_a_closed_dispute_refuses_everything(
    staged: Dispute, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.lose(staged.stripe_dispute_id)
    postman.deliver()
    run_workers()
    now = timezone.now()
    with refused("dispute_closed"):
        filing.stage(staged, texts={}, by=staff, now=now)
    with refused("dispute_closed"):
        submit(staged, staff)
    with refused("dispute_closed"):
        resolution.accept(staged, reason="No", by=staff, now=now)


def test_closed_at_stripe_unknown_to_us_it_is_refused_and_learnt(
    staged: Dispute, staff: By, sandbox: Sandbox
) -> None:
    sandbox.lose(staged.stripe_dispute_id)
    with refused("not_submitted"):
        submit(staged, staff)
    assert Dispute.objects.get().status == "lost"


def test_past_due_it_refuses(staged: Dispute, staff: By) -> None:
    Dispute.objects.update(evidence_due_by=timezone.now() - timedelta(minutes=1))
    with refused("past_due"):
        submit(staged, staff)
    Dispute.objects.update(evidence_due_by=None)
    with refused("no_answer_allowed"):
        submit(staged, staff)


def test_a_document_goes_along(disputed: Dispute, staff: By, sandbox: Sandbox) -> None:
    now = timezone.now()
    filing.attach(
        disputed, field="customer_signature", name="signed.png", content=b"\x89PNG...", by=staff, now=now
    )
    disputed.refresh_from_db()
    filing.stage(disputed, texts={"customer_name": "Ada"}, by=staff, now=now)
    (signed,) = [file["id"] for file in sandbox.all("files") if file["filename"] == "signed.png"]
    assert at_stripe(sandbox)["evidence"]["customer_signature"] == signed
    with refused("bad_file"):
        filing.attach(disputed, field="customer_signature", name="x.exe", content=b"MZ", by=staff, now=now)


def test_an_inquiry_that_escalates_asks_for_evidence_anew(
    customer: Customer, paid: Booking, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dispute(intent_of(paid), inquiry=True)
    postman.deliver()
    run_workers()
    inquiry = Dispute.objects.get()
    filing.stage(inquiry, texts={"customer_name": "Ada"}, by=staff, now=timezone.now())
    inquiry.refresh_from_db()
    submit(inquiry, staff)
    assert inquiry.status == "warning_under_review"
    sandbox.advance(60)
    sandbox.escalate(inquiry.stripe_dispute_id)
    postman.deliver()
    run_workers()
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.submitted_at, inquiry.staged_at) == ("needs_response", None, None)


def test_two_people_who_submit_at_the_same_moment_submit_once(
    staged: Dispute, staff: By, sandbox: Sandbox
) -> None:
    before, digest = updates(sandbox), evidence_draft.of(staged, timezone.now()).digest

    def hand_in() -> str:
        try:
            filing.submit(staged, digest=digest, by=staff, now=timezone.now())
        except DomainError as error:
            return error.code
        return "submitted"

    outcomes = at_once([hand_in] * 4)
    assert outcomes.count("submitted") == 1
    assert set(outcomes) <= {"submitted", "in_hand", "already_submitted"}
    assert updates(sandbox) == before + 1

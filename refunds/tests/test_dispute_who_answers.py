"""Who answers a dispute when nobody does: said on its page, kept from happening, and told if it happened."""

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking
from config.tests.world import Postman
from refunds.dispute_response import draft, filing, resolution
from refunds.disputes import silence
from refunds.models import Dispute
from refunds.tests.dispute_world import at_stripe, dispute_of, refused, submit, tell
from refunds.tests.workshop import chain_is_whole, mails
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
LATER = 9 * 24 * 3600 + 60


@pytest.fixture
def answered_by_stripe(sandbox: Sandbox) -> None:
    """The account has Smart Disputes, as Stripe sets it up."""
    sandbox.smart_disputes("prefer_manual")


@pytest.fixture
def dispute(answered_by_stripe: None, paid: Booking, sandbox: Sandbox, postman: Postman) -> Dispute:
    return dispute_of(paid, sandbox, postman)


def stage(dispute: Dispute, staff: By) -> None:
    texts = draft.of(dispute, timezone.now()).texts
    filing.stage(dispute, texts=texts, by=staff, now=timezone.now())
    dispute.refresh_from_db()


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("", "the dispute is lost"),
        ("manual", "the dispute is lost"),
        ("prefer_manual", "a packet of its own"),
        ("smart_disputes", "what you stage is not used"),
        ("of_tomorrow", "which is new to us"),
    ],
)
def test_what_happens_at_the_deadline_is_said(method: str, said: str) -> None:
    assert said in silence.at_the_deadline(Dispute(intended_submission_method=method))


def test_what_was_staged_changes_what_stripe_submits() -> None:
    staged = Dispute(intended_submission_method="prefer_manual", staged_at=timezone.now())
    assert "submits what is staged" in silence.at_the_deadline(staged)


def test_the_accounts_default_is_kept_when_it_is_changed(dispute: Dispute, staff: By) -> None:
    assert dispute.intended_submission_method == "prefer_manual"
    stage(dispute, staff)
    assert (dispute.intended_submission_method, dispute.default_submission_method) == (
        "manual",
        "prefer_manual",
    )


def test_staged_evidence_stays_staged_when_the_time_is_over(
    dispute: Dispute, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    stage(dispute, staff)
    sandbox.advance(LATER)
    tell(postman)
    dispute.refresh_from_db()
    assert (dispute.status, dispute.submissions, dispute.submission_method) == ("lost", 0, "not_submitted")


def test_who_does_not_fight_is_not_fought_for(
    dispute: Dispute, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    resolution.leave(dispute, note="Not worth it", by=staff, now=timezone.now())
    assert at_stripe(sandbox)["intended_submission_method"] == "manual"
    dispute.refresh_from_db()
    assert (dispute.resolution, dispute.status) == ("Not worth it", "needs_response")
    with refused("already_closed"):
        resolution.leave(dispute, note="Again", by=staff, now=timezone.now())
    sandbox.advance(LATER)
    tell(postman)
    dispute.refresh_from_db()
    assert (dispute.status, dispute.submissions) == ("lost", 0)
    assert chain_is_whole(dispute.booking)


def test_when_stripe_can_not_be_told_nothing_is_left(dispute: Dispute, staff: By, sandbox: Sandbox) -> None:
    sandbox.fault("outage", method="POST", path="/v1/disputes/*", should_retry=False)
    with refused("stripe_unavailable"):
        resolution.leave(dispute, note="Not worth it", by=staff, now=timezone.now())
    dispute.refresh_from_db()
    assert dispute.resolved_at is None


def test_an_answer_of_stripes_own_is_told_to_staff(
    dispute: Dispute, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.advance(LATER)
    tell(postman)
    dispute.refresh_from_db()
    assert (dispute.status, dispute.submission_method) == ("under_review", "smart_disputes")
    assert dispute.submitted_at is not None
    assert mails(dispute.booking, "staff").count("evidence_submitted_by_stripe") == 1
    actions = dispute.booking.audit_entries.values_list("action", flat=True)
    assert list(actions).count("evidence.handed_in_by_stripe") == 1


def test_an_answer_in_the_dashboard_is_told_to_staff_and_ours_is_not(
    dispute: Dispute, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    stage(dispute, staff)
    submit(dispute, staff)
    tell(postman)
    assert "evidence_submitted_elsewhere" not in mails(dispute.booking, "staff")
    Dispute.objects.update(submissions=0, submitted_at=None, verified_at=None)
    sandbox.emit("charge.dispute.updated", at_stripe(sandbox))
    tell(postman)
    assert mails(dispute.booking, "staff").count("evidence_submitted_elsewhere") == 1


def test_without_smart_disputes_stripe_is_not_told_what_it_does_not_know(
    paid: Booking, sandbox: Sandbox, postman: Postman, staff: By
) -> None:
    dispute = dispute_of(paid, sandbox, postman)
    before = sandbox.stats()
    resolution.leave(dispute, note="Not worth it", by=staff, now=timezone.now())
    assert sandbox.stats()["requests"] == before["requests"]

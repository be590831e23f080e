"""The dispute's pages in the admin: what they show, what each action does, and that none does it twice."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tests.desk_world import person, signed_in
from backoffice.toolkit.actions import state_of
from bookings.models import Booking
from config.tests.world import Postman, run_workers
from refunds.dispute_response import draft
from refunds.models import Dispute, EarlyFraudWarning
from refunds.tests.dispute_world import at_stripe, dispute_of, tell, updates
from refunds.tests.workshop import intent_of, mails, refunds_at_stripe
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def desk(db: None) -> Client:
    return signed_in(person("disputes"))


@pytest.fixture
def inquiry(paid: Booking, sandbox: Sandbox, postman: Postman) -> Dispute:
    sandbox.dispute(intent_of(paid), inquiry=True)
    tell(postman)
    return Dispute.objects.get()


def page(dispute: Dispute) -> str:
    return reverse("admin:refunds_dispute_change", args=[dispute.pk])


def action(row: Dispute | EarlyFraudWarning, name: str) -> str:
    return reverse(f"admin:refunds_{row._meta.model_name}_do", args=[row.pk, name])


def filled(desk: Client, row: Dispute | EarlyFraudWarning, name: str, **more: str) -> dict[str, str]:
    """What the action's page would send as it comes, and what the person adds."""
    form = desk.get(action(row, name)).context["form"]
    shown = {field: form[field].value() for field in form.fields}
    return {field: str(value) for field, value in shown.items() if value is not None} | more


def do(desk: Client, row: Dispute | EarlyFraudWarning, name: str, **more: str) -> int:
    answer = desk.post(action(row, name), filled(desk, row, name, **more))
    row.refresh_from_db()
    return answer.status_code


def test_the_page_tells_what_is_at_stake_and_until_when(desk: Client, disputed: Dispute) -> None:
    shown = desk.get(page(disputed)).content.decode()
    assert "8 days 23 hours left" in shown
    assert "They cancelled and say they never got the refund they were promised." in shown
    assert "at least 12 hours before the appointment" in shown
    assert "Stage evidence" in shown
    assert "-£15.00" in shown


def test_staged_looked_at_submitted_and_verified(desk: Client, disputed: Dispute, sandbox: Sandbox) -> None:
    assert do(desk, disputed, "stage") == 302
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 0
    preview = desk.get(action(disputed, "submit")).content.decode()
    assert "timeline.pdf" in preview
    assert do(desk, disputed, "submit", sure="on") == 302
    assert disputed.verified_at is not None
    assert "Submitted and verified" in desk.get(page(disputed)).content.decode()


def test_a_form_sent_twice_submits_once(desk: Client, disputed: Dispute, sandbox: Sandbox) -> None:
    do(desk, disputed, "stage")
    form = filled(desk, disputed, "submit", sure="on")
    assert desk.post(action(disputed, "submit"), form).status_code == 302
    before = updates(sandbox)
    again = desk.post(action(disputed, "submit"), form)
    assert again.status_code == 409
    assert "that works only once" in again.content.decode()
    assert updates(sandbox) == before


def test_without_the_tick_nothing_is_submitted(desk: Client, disputed: Dispute, sandbox: Sandbox) -> None:
    do(desk, disputed, "stage")
    assert do(desk, disputed, "submit") == 409
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 0


def test_evidence_that_somebody_else_changed_is_looked_at_again(
    desk: Client, disputed: Dispute, sandbox: Sandbox
) -> None:
    do(desk, disputed, "stage")
    form = filled(desk, disputed, "submit", sure="on")
    do(desk, disputed, "stage", customer_name="Somebody else")
    answer = desk.post(action(disputed, "submit"), form)
    assert "Somebody changed the evidence meanwhile" in answer.content.decode()
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 0


def test_too_long_evidence_is_refused_before_stripe_is_asked(desk: Client, disputed: Dispute) -> None:
    assert do(desk, disputed, "stage", uncategorized_text="x" * 20_001) == 409
    assert disputed.staged_at is None


def test_accepting_loses_it_once_and_says_who_and_why(
    desk: Client, disputed: Dispute, sandbox: Sandbox
) -> None:
    assert do(desk, disputed, "accept", reason="Not worth it", sure="on") == 302
    assert (disputed.status, disputed.resolution) == ("lost", "Not worth it")
    assert disputed.resolved_by is not None
    assert disputed.resolved_at is not None
    assert at_stripe(sandbox)["status"] == "lost"
    assert do(desk, disputed, "accept", reason="Again", sure="on") == 409
    shown = desk.get(action(disputed, "stage")).content.decode()
    assert "This dispute is closed. Lost: the customer has the money." in shown


def test_an_inquiry_is_refunded_once_which_closes_it(
    desk: Client, inquiry: Dispute, sandbox: Sandbox, postman: Postman
) -> None:
    form = filled(desk, inquiry, "refund", reason="They are right")
    for _ in range(2):
        desk.post(action(inquiry, "refund"), form)
    tell(postman)
    tell(postman)
    inquiry.refresh_from_db()
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, inquiry.booking)] == [4500]
    assert (inquiry.status, inquiry.resolution) == ("warning_closed", "They are right")


def test_a_chargeback_can_t_be_refunded(desk: Client, disputed: Dispute) -> None:
    answer = desk.post(action(disputed, "refund"), {"seen": state_of(disputed), "reason": "Please"})
    assert answer.status_code == 409
    assert "a refund would pay twice" in answer.content.decode()


def test_closed_with_a_note_once(desk: Client, disputed: Dispute) -> None:
    assert do(desk, disputed, "close", reason="Called them: they withdraw it") == 302
    assert disputed.resolution == "Called them: they withdraw it"
    assert do(desk, disputed, "close", reason="Another") == 409
    assert disputed.resolution == "Called them: they withdraw it"


@pytest.mark.parametrize("name", ["stage", "submit", "accept", "attach"])
def test_past_due_nothing_is_offered_or_taken(desk: Client, disputed: Dispute, name: str) -> None:
    Dispute.objects.update(evidence_due_by=timezone.now())
    answer = desk.post(action(disputed, name), {"seen": state_of(disputed)})
    assert answer.status_code == 409
    assert "The time to answer ended on" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["stage", "submit", "accept", "attach", "refund", "close", "leave", "appeal"]
)
def test_who_may_only_look_may_do_nothing(disputed: Dispute, name: str) -> None:
    viewer = signed_in(person("viewer"))
    assert viewer.get(page(disputed)).status_code == 200
    assert viewer.post(action(disputed, name), {"seen": state_of(disputed)}).status_code == 403


def test_forged_requests_change_nothing(disputed: Dispute) -> None:
    forger = signed_in(person("disputes"), checks_csrf=True)
    assert forger.post(action(disputed, "accept"), {"seen": state_of(disputed)}).status_code == 403
    assert forger.get(action(disputed, "accept")).status_code == 200
    assert Dispute.objects.get().is_open


def test_the_timeline_is_shown_as_a_pdf(desk: Client, disputed: Dispute) -> None:
    answer = desk.get(reverse("admin:refunds_dispute_timeline", args=[disputed.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_suspected_payment_can_be_refunded_first(
    desk: Client, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.early_fraud_warning(paid.payments.get().stripe_charge_id)
    tell(postman)
    warning = EarlyFraudWarning.objects.get()
    assert mails(paid, "staff") == ["fraud_warning"]
    assert do(desk, warning, "refund-first", reason="Stolen card") == 302
    run_workers()
    assert [refund["amount"] for refund in refunds_at_stripe(sandbox, paid)] == [4500]
    assert "refunded or disputed already" in desk.get(action(warning, "refund-first")).content.decode()


def test_the_list_shows_what_is_due_first(desk: Client, disputed: Dispute) -> None:
    shown = desk.get(reverse("admin:refunds_dispute_changelist")).content.decode()
    assert "8 days 23 hours left" in shown
    assert disputed.booking.reference in shown


def test_the_draft_that_is_looked_at_is_the_one_on_the_page(desk: Client, disputed: Dispute) -> None:
    digest = draft.of(disputed, timezone.now()).digest
    assert desk.get(action(disputed, "stage")).context["form"]["draft"].value() == digest


def test_the_page_says_who_answers_and_what_it_costs(
    desk: Client, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.smart_disputes("prefer_manual")
    dispute = dispute_of(paid, sandbox, postman)
    shown = desk.get(page(dispute)).content.decode()
    assert "If nobody answers" in shown
    assert "Stripe makes a packet of its own (Smart Disputes)" in shown
    assert "Submitting evidence costs a second fee in most countries" in shown
    assert "The appointment is still to come" in shown
    assert do(desk, dispute, "leave", reason="Not worth it") == 302
    shown = desk.get(page(dispute)).content.decode()
    assert "Stripe was told not to answer by itself" in shown
    assert do(desk, dispute, "leave", reason="Again") == 409


def test_without_the_fees_tick_a_compliance_dispute_is_not_submitted(
    desk: Client, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, reason="noncompliant", case="compliance")
    do(desk, dispute, "stage")
    assert "500 USD" in desk.get(action(dispute, "submit")).content.decode()
    assert do(desk, dispute, "submit", sure="on") == 409
    assert at_stripe(sandbox)["evidence_details"]["submission_count"] == 0
    assert do(desk, dispute, "submit", sure="on", fee="on") == 302
    assert dispute.verified_at is not None


def test_an_appeal_is_offered_only_where_stripe_offers_it(
    desk: Client, disputed: Dispute, sandbox: Sandbox, postman: Postman
) -> None:
    assert "Appeal the decision" not in desk.get(page(disputed)).content.decode()
    assert desk.post(action(disputed, "appeal"), {"seen": state_of(disputed)}).status_code == 409
    sandbox.lose(disputed.stripe_dispute_id)
    tell(postman)
    sandbox.open_appeal(disputed.stripe_dispute_id)
    tell(postman)
    disputed.refresh_from_db()
    assert "Appeal the decision" in desk.get(page(disputed)).content.decode()
    assert do(desk, disputed, "appeal", reason="They came.", sure="on") == 302
    assert disputed.appealed_at is not None
    assert do(desk, disputed, "appeal", reason="Again", sure="on") == 409


def test_evidence_that_stripe_gave_by_itself_is_called_that(
    desk: Client, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.smart_disputes("prefer_manual")
    dispute = dispute_of(paid, sandbox, postman)
    sandbox.advance(9 * 24 * 3600 + 60)
    tell(postman)
    assert "Submitted by Stripe itself" in desk.get(page(dispute)).content.decode()

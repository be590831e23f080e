"""Evidence for a bank: what answers the reason, in the right tense, once; and what warns of answering."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from bookings.audit import By, story_of
from bookings.models import Booking, BookingStatus, Business, Service
from config.tests.world import Customer, Postman, run_workers
from payments.models import PurchaseTrace
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response import evidence, facts, filing, weighing
from refunds.models import Dispute, RefundRecord
from refunds.staff import actions as staff_actions
from refunds.tests.dispute_world import dispute_of, refused
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
REASONS = (
    "bank_cannot_process credit_not_processed customer_initiated debit_not_authorized duplicate fraudulent "
    "general noncompliant product_not_received product_unacceptable subscription_canceled unrecognized"
).split()


def pack(dispute: Dispute, after: timedelta = timedelta(0)) -> dict[str, str]:
    """The evidence as it would be written then."""
    return evidence.build(facts.of(dispute, timezone.now() + after))


def warnings(dispute: Dispute, after: timedelta = timedelta(0)) -> str:
    now = timezone.now() + after
    return " ".join(
        weighing.before_submitting(dispute, facts.of(dispute, now), evidence_draft.of(dispute, now))
    )


@pytest.fixture
def to_come(paid: Booking, sandbox: Sandbox, postman: Postman) -> Dispute:
    """The appointment is in two days."""
    return dispute_of(paid, sandbox, postman, reason="product_not_received")


def test_what_is_to_come_is_told_in_the_future_and_warned_about(to_come: Dispute) -> None:
    told = pack(to_come)
    assert "The appointment is still to come" in told["product_description"]
    assert told["service_date"].endswith("(still to come)")
    assert "until it begins the customer can do so" in told["cancellation_rebuttal"]
    assert "everything is given back until" in told["cancellation_policy_disclosure"]
    assert "still to come" in warnings(to_come)


def test_what_is_over_is_told_in_the_past(to_come: Dispute) -> None:
    Booking.objects.update(status=BookingStatus.COMPLETED)
    over = timedelta(days=4)
    told = pack(to_come, over)
    assert "The business's calendar has it as having taken place." in told["product_description"]
    assert "still to come" not in " ".join(told.values())
    assert "until it began the customer could do so" in told["cancellation_rebuttal"]
    assert "still to come" not in warnings(to_come, over)


def test_who_came_and_who_did_not_is_told(to_come: Dispute) -> None:
    over = timedelta(days=4)
    Booking.objects.update(status=BookingStatus.NO_SHOW)
    assert "did not come; the time was kept" in pack(to_come, over)["product_description"]
    came = timezone.now() + timedelta(days=2)
    Booking.objects.update(status=BookingStatus.COMPLETED, arrived_at=came)
    assert "their arrival was noted on" in pack(to_come, over)["product_description"]


@pytest.mark.parametrize("reason", REASONS)
def test_nothing_is_said_twice(disputed: Dispute, reason: str) -> None:
    Dispute.objects.update(reason=reason)
    disputed.refresh_from_db()
    told = pack(disputed)
    sentences = [
        sentence.strip()
        for text in told.values()
        for sentence in text.replace("\n", ". ").split(". ")
        if len(sentence) > 30
    ]
    assert len(sentences) == len(set(sentences))
    terms = [field for field in evidence.ABOUT_TERMS if field.endswith("disclosure") and field in told]
    assert len(terms) == (0 if reason in evidence.WHO_PAID else 1)


def test_the_business_and_where_it_was_paid_from_are_named(to_come: Dispute) -> None:
    Business(name="Ada's Baths", address="1 High Street\nBath").save()
    PurchaseTrace.objects.update_or_create(payment=to_come.payment, defaults={"ip": "203.0.113.7"})
    told = pack(to_come)
    assert "at Ada's Baths, 1 High Street Bath" in told["product_description"]
    assert told["customer_purchase_ip"] == "203.0.113.7"


def test_money_given_by_other_means_is_told_and_warned_about(
    failed: RefundRecord, staff: By, sandbox: Sandbox, postman: Postman
) -> None:
    staff_actions.paid_by_other_means(failed, reason="Bank transfer", by=staff, now=timezone.now())
    dispute = dispute_of(failed.booking, sandbox, postman, reason="credit_not_processed")
    assert "£45.00 was given back by other means on" in pack(dispute)["refund_refusal_explanation"]
    assert "given back by other means" in warnings(dispute)


def test_money_that_is_owed_is_warned_about(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, reason="credit_not_processed")
    customer.cancel(paid)
    assert warnings(dispute).startswith("£45.00 are owed back to the customer")
    assert "It waits only because of this dispute" in pack(dispute)["refund_refusal_explanation"]


def test_what_the_business_booked_is_not_called_agreed(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book_and_pay(service)
    dispute = dispute_of(booking, sandbox, postman, reason="general")
    assert "The customer agreed to these terms" in pack(dispute)["cancellation_policy_disclosure"]
    told = facts.of(dispute, timezone.now())
    by_staff = {**told.__dict__, "booked_by": facts.WHO["staff"]}
    other = facts.Facts(**by_staff)
    text = evidence.build(other)
    assert "agreed" not in text["cancellation_policy_disclosure"]
    assert "booked for the customer by the business" in text["product_description"]
    draft = evidence_draft.of(dispute, timezone.now())
    assert any(
        "did not book this themselves" in line for line in weighing.before_submitting(dispute, other, draft)
    )


def test_nothing_that_speaks_for_us_is_warned_about_until_something_does(to_come: Dispute, staff: By) -> None:
    Booking.objects.update(status=BookingStatus.COMPLETED)
    over = timedelta(days=4)
    assert "Nothing here shows that the customer was there" in warnings(to_come, over)
    now = timezone.now()
    filing.attach(to_come, field="customer_signature", name="s.png", content=b"\x89PNG", by=staff, now=now)
    to_come.refresh_from_db()
    assert "Nothing here shows" not in warnings(to_come, over)


def test_a_fraud_dispute_without_any_trace_is_warned_about(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = dispute_of(paid, sandbox, postman, visa_ce3=True)
    PurchaseTrace.objects.all().delete()
    assert "Nothing here shows that it was the customer" in warnings(dispute)
    assert "Compelling Evidence 3.0 can't be used. It isn't known" in warnings(dispute)


def test_the_likeliest_other_charge_is_named_for_a_duplicate(
    customer: Customer, service: Service, massage: Service, sandbox: Sandbox, postman: Postman
) -> None:
    like = customer.book_and_pay(service, starts_in=timedelta(days=3))
    customer.book_and_pay(massage, starts_in=timedelta(days=4))
    booking = customer.book_and_pay(service, starts_in=timedelta(days=5))
    told = pack(dispute_of(booking, sandbox, postman, reason="duplicate"))
    assert told["duplicate_charge_id"] == like.payments.get().stripe_charge_id
    assert like.reference in told["duplicate_charge_explanation"]


def test_a_real_second_payment_is_told_with_its_refund(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.pay_again(intent_of(paid))
    postman.deliver()
    run_workers()
    dispute = dispute_of(paid, sandbox, postman, reason="duplicate")
    told = pack(dispute)["duplicate_charge_explanation"]
    assert told.startswith("A second payment for the same booking came in on")
    assert "£45.00 was refunded to the original card" in told


def test_documents_have_a_limit_together(disputed: Dispute, staff: By, sandbox: Sandbox) -> None:
    large = b"%PDF" + b" " * 3 * 1024 * 1024
    now = timezone.now()
    filing.attach(disputed, field="receipt", name="a.pdf", content=large, by=staff, now=now)
    disputed.refresh_from_db()
    with refused("too_large"):
        filing.attach(disputed, field="refund_policy", name="b.pdf", content=large, by=staff, now=now)
    assert [file["filename"] for file in sandbox.all("files")] == ["a.pdf"]
    filing.attach(disputed, field="receipt", name="c.pdf", content=large, by=staff, now=now)
    assert Dispute.objects.get().evidence["names"]["receipt"] == "c.pdf"


def test_staff_stay_unnamed(disputed: Dispute, staff: By) -> None:
    User.objects.filter(username="grace").update(name="Grace Hopper")
    with story_of(Booking.objects.filter(pk=disputed.booking_id), by=staff, now=timezone.now()) as story:
        story.record("refund.withdrawn")
    assert "Hopper" not in " ".join(pack(disputed).values())
    assert "The business: The refund was withdrawn" in pack(disputed)["access_activity_log"]

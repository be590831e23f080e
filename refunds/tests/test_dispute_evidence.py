"""The evidence pack is made of the booking's own record and keeps to Stripe's limits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from refunds.dispute_response import evidence, timeline
from refunds.dispute_response import facts as evidence_facts
from refunds.models import Dispute
from refunds.tests.workshop import intent_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_the_pack_tells_what_the_booking_knows(disputed: Dispute) -> None:
    pack = evidence.build(evidence_facts.of(disputed, timezone.now()))
    booking = disputed.booking
    assert pack["customer_email_address"] == "ada@example.com"
    assert booking.reference in pack["product_description"]
    assert pack["service_date"] == f"{booking.starts_at:%-d %B %Y}"
    assert "at least 12 hours before" in pack["cancellation_policy_disclosure"]
    assert "was shown that £0.00 would be given back, and agreed" in pack["cancellation_rebuttal"]
    assert pack["refund_refusal_explanation"].startswith("No refund is due")
    assert "The customer: Cancelled (too late)" in pack["access_activity_log"]
    assert set(pack) <= set(evidence.TEXTS)


def test_a_refund_that_was_made_is_told_with_its_id(
    customer: Customer, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    customer.cancel(paid)
    run_workers()
    sandbox.advance(300)
    sandbox.dispute(intent_of(paid), reason="credit_not_processed")
    postman.deliver()
    run_workers()
    pack = evidence.build(evidence_facts.of(Dispute.objects.get(), timezone.now()))
    refund = paid.refunds.get().stripe_refund_id
    assert "£45.00 was refunded to the original card on" in pack["refund_refusal_explanation"]
    assert str(refund) in pack["refund_refusal_explanation"]


def test_earlier_visits_and_mails_are_told(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    earlier = customer.book_and_pay(service, starts_in=timedelta(days=3))
    booking = customer.book_and_pay(service, starts_in=timedelta(days=5))
    sandbox.dispute(intent_of(booking), reason="duplicate")
    postman.deliver()
    run_workers()
    pack = evidence.build(evidence_facts.of(Dispute.objects.get(), timezone.now()))
    assert earlier.reference in pack["uncategorized_text"]
    assert "booking confirmed" in pack["uncategorized_text"]
    assert pack["duplicate_charge_id"] == earlier.payments.get().stripe_charge_id
    assert earlier.reference in pack["duplicate_charge_explanation"]


def test_texts_are_cut_to_what_stripe_takes() -> None:
    texts = dict.fromkeys(evidence.TEXTS, "x" * 25000)
    fitting = evidence.fitted(texts)
    assert max(map(len, fitting.values())) <= evidence.LONGEST
    assert sum(map(len, fitting.values())) <= evidence.LONGEST_TOGETHER
    assert evidence.too_long(fitting) == {}
    assert set(evidence.too_long(texts)) == {*texts, ""}


def test_the_timeline_is_a_pdf_and_the_same_each_time(disputed: Dispute) -> None:
    facts = evidence_facts.of(disputed, timezone.now())
    first = timeline.render(facts)
    assert first.startswith(b"%PDF")
    assert timeline.render(facts) == first

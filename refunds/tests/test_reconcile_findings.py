"""Where the books can't come right by themselves it shows, once, until it is gone."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking, Message, Service
from config.tests.world import Customer, run_workers
from core.models import Mark
from payments import capture, ours
from payments.models import WebhookEvent
from refunds.models import Dispute, Finding, ReconciliationRun
from refunds.models.reconciliation import Kind
from refunds.reconciliation import findings
from refunds.reconciliation.subjects import Difference
from refunds.staff import actions as staff_actions
from refunds.tests.bookkeeping import Day, Reconcile, books, healed, lose_for_good
from refunds.tests.workshop import intent_of, record_of
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_dry_run_says_what_differs_and_changes_nothing(
    customer: Customer, shop: Service, reconcile: Reconcile
) -> None:
    booking = Day(customer, shop).paid(at=1)
    before = (books(), WebhookEvent.objects.count(), Mark.objects.count(), booking.audit_entries.count())
    said = reconcile("--dry-run", status=1)
    assert "differs: state pi_" in said
    assert "drift gbp -4500" in said
    after = (books(), WebhookEvent.objects.count(), Mark.objects.count(), booking.audit_entries.count())
    # Only the pace of asking Stripe is remembered.
    assert (after[0], after[1], after[2] - before[2] <= 1, after[3]) == (
        before[0],
        before[1],
        True,
        before[3],
    )
    assert ReconciliationRun.objects.count() == 0


def test_what_cant_be_healed_is_kept_once_and_closes_itself(
    customer: Customer, paid: Booking, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    # As after a restored backup: Stripe has a payment of ours whose booking is lost.
    copy = sandbox.pay_again(intent_of(paid), metadata=ours.marked(payment="0f" * 16, booking="BK-2222LOST"))
    lost = copy["payment_intent"]["id"] if "payment_intent" in copy else copy["id"]
    said = reconcile(status=1)
    assert f"can't heal: missing_here {lost}" in said
    assert "drift gbp -4500" in said
    reconcile(status=1)
    assert Message.objects.filter(kind="books_differ").count() == 1
    finding = Finding.objects.get()
    assert (finding.kind, finding.stripe_id, finding.detail["booking"]) == (
        "missing_here",
        lost,
        "BK-2222LOST",
    )


def test_our_money_that_stripe_has_never_seen_is_found(
    customer: Customer, paid: Booking, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    sandbox.reset()
    said = reconcile(status=1)
    assert f"can't heal: missing_there {intent_of(paid)}" in said
    assert "drift gbp 4500" in said
    assert paid.audit_entries.filter(action="finding.opened", source="reconcile").count() == 1
    assert paid.messages.filter(kind="books_differ").count() == 1


def test_what_belongs_to_others_is_none_of_our_business(
    customer: Customer, paid: Booking, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    (intent,) = sandbox.seed(1)
    sandbox.dashboard_refund(intent, 100)
    before = books()
    said = reconcile()
    assert (books(), Finding.objects.count(), "drift gbp 0" in said) == (before, 0, True)


def test_a_pending_refund_without_news_is_asked_for(
    customer: Customer, shop: Service, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    day = Day(customer, shop)
    booking = day.paid("pm_card_pendingRefund", at=1)
    customer.postman.deliver()
    customer.cancel(booking)
    run_workers()
    assert record_of(booking).status == "pending"
    sandbox.settle()
    lose_for_good(sandbox)
    Mark.objects.create(name="reconciled", at=timezone.now() + timedelta(hours=2))
    reconcile()
    assert record_of(booking).status == "succeeded"


def test_open_disputes_are_asked_for_together_however_old(
    customer: Customer, shop: Service, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    day = Day(customer, shop)
    bookings = [day.paid(at=hour) for hour in (1, 2, 3)]
    customer.postman.deliver()
    at_stripe = [sandbox.dispute(intent_of(booking)) for booking in bookings]
    customer.postman.deliver()
    run_workers()
    sandbox.win(at_stripe[0]["id"])
    lose_for_good(sandbox)
    Mark.objects.create(name="reconciled", at=timezone.now() + timedelta(hours=2))
    before: Counter[str] = Counter(sandbox.stats()["by_endpoint"])
    assert healed(reconcile()) == 1
    assert [booking.disputes.get().status for booking in bookings] == ["won", *["needs_response"] * 2]
    asked = Counter[str](sandbox.stats()["by_endpoint"]) - before
    assert asked["GET /v1/disputes/{id}"] == 1, "only the one that differs"


def test_an_open_dispute_that_stripe_doesnt_have_is_found(
    disputed: Dispute, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    sandbox.reset()
    assert f"can't heal: missing_there {disputed.stripe_dispute_id}" in reconcile(status=1)


def test_the_bookmark_never_skips_a_gap(paid: Booking, reconcile: Reconcile) -> None:
    long_ago = timezone.now() - timedelta(days=10)
    Mark.objects.create(name="reconciled", at=long_ago)
    reconcile("--since", "1h")
    assert Mark.objects.get(name="reconciled").at == long_ago
    reconcile()
    assert Mark.objects.get(name="reconciled").at > long_ago
    run = ReconciliationRun.objects.latest("started_at")
    assert (run.since, run.drift) == (long_ago - timedelta(hours=1), {"gbp": 0})


def test_a_stripe_that_cant_be_asked_leaves_the_bookmark(
    paid: Booking, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    sandbox.fault("outage", method="GET", path="/v1/refunds")
    with pytest.raises(Exception, match="can't be asked"):
        call_command("reconcile")
    assert not Mark.objects.filter(name="reconciled").exists()
    assert ReconciliationRun.objects.get().error


def test_a_dashboard_refund_that_came_back_and_was_sent_again_is_no_finding(
    paid: Booking, staff: By, sandbox: Sandbox, reconcile: Reconcile
) -> None:
    refund = sandbox.dashboard_refund(intent_of(paid), 1000)
    sandbox.fail_refund(refund["id"])
    reconcile()
    staff_actions.retry(record_of(paid), by=staff, now=timezone.now())
    run_workers()
    reconcile()
    assert not Finding.objects.exists()


def test_an_object_that_makes_trouble_keeps_no_other_from_being_healed(
    customer: Customer, shop: Service, reconcile: Reconcile, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Day(customer, shop)
    bad, good = day.paid(at=1), day.paid(at=2)
    apply = capture.apply_intent

    def stumble(intent: capture.Intent, **how: Any) -> str:
        if intent["metadata"]["booking"] == bad.reference:
            raise IntegrityError
        return apply(intent, **how)

    monkeypatch.setattr(capture, "apply_intent", stumble)
    reconcile(status=1)
    good.refresh_from_db()
    assert good.status == "confirmed"
    assert Finding.objects.get().booking == bad


def test_a_difference_that_opens_again_is_told_again(paid: Booking) -> None:
    difference = Difference(Kind.AMOUNT, "pi_1", "1 gbp", "2 gbp", paid.pk, "payment_intent")
    now = timezone.now()
    for day in range(2):
        findings._keep(difference, now + timedelta(days=day))
        findings._keep(difference, now + timedelta(days=day, minutes=5))
        findings.close(
            Finding.objects.get(), by=findings.SYSTEM, now=now + timedelta(days=day), resolution="It agrees."
        )
    assert Message.objects.filter(kind="books_differ", booking=paid).count() == 2

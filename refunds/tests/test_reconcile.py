"""If no webhook ever arrived the books would still come right, and it shows where they can't."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, Service
from bookings.verification import Verification
from config.tests.world import Customer, run_workers
from payments.models import Mark, Payment, PaymentTransaction, WebhookEvent
from refunds.models import Finding, ReconciliationRun, RefundRecord
from refunds.tests.workshop import intent_of, record_of, statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db

Reconcile = Callable[..., str]


@pytest.fixture
def reconcile(capsys: pytest.CaptureFixture[str]) -> Reconcile:
    """Run the command; its output, after its exit status was what it should be."""

    def run(*options: str, status: int = 0) -> str:
        ended = 0
        try:
            call_command("reconcile", *options)
        except SystemExit as stop:
            ended = int(str(stop.code))
        said = capsys.readouterr()
        assert ended == status, said.out + said.err
        return said.out

    return run


@pytest.fixture
def shop(db: None) -> Service:
    """An appointment for many at a time, so that a day's life fits."""
    return Service.objects.create(
        name="Class", duration=timedelta(hours=1), price=4500, currency="gbp", capacity=100
    )


def healed(said: str) -> int:
    return int(re.findall(r"^healed (\d+)$", said, re.MULTILINE)[0])


def books() -> list[Any]:
    """All that is told twice, ours: states and money."""
    return [
        *Booking.objects.order_by("pk").values_list("pk", "status"),
        *Payment.objects.order_by("pk").values_list("pk", "status"),
        *RefundRecord.objects.order_by("pk").values_list("pk", "status", "amount"),
        *PaymentTransaction.objects.order_by("pk").values_list("kind", "stripe_id", "amount"),
    ]


class Day:
    """A day's life of which no webhook tells."""

    def __init__(self, customer: Customer, shop: Service) -> None:
        self.customer, self.shop, self.sandbox = customer, shop, customer.sandbox

    def paid(self, card: str = "pm_card_visa", *, at: int) -> Booking:
        booking = self.customer.book(self.shop, starts_in=timedelta(hours=48 + at))
        self.customer.pay(booking, card)
        return booking

    def live(self) -> dict[str, Booking]:
        """Bookings by what happens to them, before anybody heard that they are paid."""
        return {
            "kept": self.paid(at=1),
            "cancelled": self.paid(at=2),
            "returned": self.paid("pm_card_refundFail", at=3),
            "slow": self.paid("pm_card_pendingRefund", at=4),
            "dashboard": self.paid(at=5),
            "disputed": self.paid(at=6),
            "won": self.paid(at=7),
            "unpaid": self.customer.book(self.shop, starts_in=timedelta(hours=56)),
        }

    def go_on(self, bookings: dict[str, Booking]) -> None:
        """What the bookings' names promise, at Stripe and here."""
        for name in ("cancelled", "returned", "slow"):
            self.customer.cancel(bookings[name])
        run_workers()
        self.sandbox.settle()
        self.sandbox.dashboard_refund(intent_of(bookings["dashboard"]), 1000)
        self.sandbox.dispute(intent_of(bookings["disputed"]))
        self.sandbox.win(self.sandbox.dispute(intent_of(bookings["won"]))["id"])


def test_a_day_without_webhooks_comes_right_within_two_runs(
    customer: Customer, shop: Service, reconcile: Reconcile
) -> None:
    day = Day(customer, shop)
    bookings = day.live()
    assert healed(reconcile()) > 0
    day.go_on(bookings)
    reconcile()
    reconcile()
    before = books()
    third = reconcile()
    assert (healed(third), "drift gbp 0" in third) == (0, True)
    assert books() == before
    expected = {
        "kept": [("payment", 4500)],
        "cancelled": [("payment", 4500), ("refund", -4500)],
        "returned": [("payment", 4500), ("refund", -4500), ("refund_returned", 4500)],
        "slow": [("payment", 4500), ("refund", -4500)],
        "dashboard": [("payment", 4500), ("refund", -1000)],
        "disputed": [("payment", 4500), ("chargeback", -4500), ("dispute_fee", -1500)],
        "won": [
            ("payment", 4500),
            ("chargeback", -4500),
            ("dispute_fee", -1500),
            ("chargeback_returned", 4500),
        ],
        "unpaid": [],
    }
    assert {name: statement_of(booking) for name, booking in bookings.items()} == expected
    assert list(Verification().breaks()) == []


def lose_for_good(sandbox: Sandbox) -> None:
    """The events are of no help: they were taken in, but what they did was lost."""
    for event in sandbox.all("events"):
        lost = {"type": event["type"], "status": "ignored"}
        WebhookEvent.objects.get_or_create(stripe_event_id=event["id"], defaults=lost)


def test_listing_the_objects_heals_where_events_are_of_no_help(
    customer: Customer, shop: Service, reconcile: Reconcile, sandbox: Sandbox
) -> None:
    day = Day(customer, shop)
    bookings = day.live()
    lose_for_good(sandbox)
    assert healed(reconcile()) > 0
    day.go_on(bookings)
    lose_for_good(sandbox)
    reconcile()
    third = reconcile()
    assert (healed(third), "drift gbp 0" in third) == (0, True)
    # One refund came back before we looked: in the end nothing moved.
    assert statement_of(bookings["returned"]) in (
        [("payment", 4500)],
        [("payment", 4500), ("refund", -4500), ("refund_returned", 4500)],
    )
    assert statement_of(bookings["dashboard"]) == [("payment", 4500), ("refund", -1000)]
    assert statement_of(bookings["won"])[-1] == ("chargeback_returned", 4500)


def test_each_healing_is_told_in_the_story(customer: Customer, shop: Service, reconcile: Reconcile) -> None:
    booking = Day(customer, shop).paid(at=1)
    reconcile()
    told = booking.audit_entries.filter(action="booking.confirmed").values_list("actor", "source")
    assert list(told) == [("stripe", "reconcile")]


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
    copy = sandbox.pay_again(intent_of(paid), metadata={"payment": "0f" * 16, "booking": "BK-2222LOST"})
    lost = copy["payment_intent"]["id"] if "payment_intent" in copy else copy["id"]
    said = reconcile(status=1)
    assert f"can't heal: missing_here {lost}" in said
    assert "drift gbp -4500" in said
    reconcile(status=1)
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

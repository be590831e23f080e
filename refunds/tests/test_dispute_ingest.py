"""Any order, any repetition: our dispute ends as Stripe's, and the statement as the money that moved."""

import random
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from bookings.audit import By
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from core.work import jobs
from payments import gateway
from payments.books import statement
from payments.events.event_handlers import NotYet
from payments.models import WebhookEvent
from refunds.disputes import intake
from refunds.disputes import reading as disputes_read
from refunds.models import Dispute
from sandbox.client import Sandbox

EVENTS = ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
WORKER = By("system", "worker")


def intent_of(booking: Booking) -> str:
    return str(booking.payments.get().stripe_payment_intent_id)


def moved_by(dispute: dict[str, Any]) -> list[tuple[str, int, str]]:
    """The statement that the sandbox's own balance transactions call for."""
    lines = []
    for moved in dispute["balance_transactions"]:
        kind = "chargeback" if moved["amount"] < 0 else "chargeback_returned"
        lines.append((kind, moved["amount"], moved["id"]))
        if moved["fee"]:
            lines.append(("dispute_fee", -moved["fee"], moved["id"]))
    return lines


def assert_as_at_stripe(sandbox: Sandbox, booking: Booking) -> None:
    at_stripe = sandbox.disputes_of(intent_of(booking))
    ours = {row.stripe_dispute_id: row for row in booking.disputes.all()}
    assert {d["id"]: intake.mirror(d) for d in at_stripe} == {
        key: {name: getattr(row, name) for name in Dispute.MIRRORED} for key, row in ours.items()
    }
    lines = booking.transactions.exclude(kind="payment")
    written = sorted((line.kind, line.amount, line.stripe_id) for line in lines)
    assert written == sorted(line for dispute in at_stripe for line in moved_by(dispute))


def won_dispute(sandbox: Sandbox, intent: str) -> dict[str, dict[str, Any]]:
    """A dispute that was opened, looked into and won: its five events by name."""
    dispute = sandbox.dispute(intent)
    sandbox.move_dispute(dispute["id"], "under_review")
    sandbox.win(dispute["id"])
    return {event["type"].rpartition(".")[2]: event for event in sandbox.events_of(dispute["id"])}


@pytest.mark.once
@pytest.mark.parametrize("first", EVENTS)
def test_all_orders_with_duplicates_end_as_at_stripe(
    first: str, paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    orders = [order for order in permutations(EVENTS) if order[0] == first]
    for order in orders:
        events = won_dispute(sandbox, intent_of(paid))
        delivered = [events[name] for name in order]
        postman.bring([*delivered, *reversed(delivered)])
    run_workers()
    assert_as_at_stripe(sandbox, paid)
    assert list(paid.disputes.values_list("status", flat=True)) == ["won"] * len(orders)
    assert paid.audit_entries.filter(action="dispute.opened").count() == len(orders)


@pytest.mark.parametrize("outcome", ["win", "lose", "prevent"])
def test_each_event_alone_is_enough(outcome: str, paid: Booking, sandbox: Sandbox, postman: Postman) -> None:
    opened = sandbox.dispute(intent_of(paid))
    postman.lose()
    sandbox.call(f"disputes/{opened['id']}/{outcome}")
    postman.deliver("charge.dispute.closed")
    run_workers()
    assert_as_at_stripe(sandbox, paid)


@pytest.mark.django_db(transaction=True)
def test_news_read_at_any_moment_and_applied_in_any_order_end_as_at_stripe(
    paid: Booking, sandbox: Sandbox
) -> None:
    steps = ["under_review", "needs_response", "some_new_status", "win"]
    chance = random.Random(4)
    for _ in range(6):
        dispute = sandbox.dispute(intent_of(paid))["id"]
        readings = [disputes_read.read(dispute)]
        for step in steps:
            sandbox.win(dispute) if step == "win" else sandbox.move_dispute(dispute, step)
            readings += [disputes_read.read(dispute)] * 2
        chance.shuffle(readings)
        for reading in readings:
            bring_up_to_date(reading)
    assert_as_at_stripe(sandbox, paid)


def bring_up_to_date(reading: disputes_read.Reading) -> None:
    """What the worker does with an event: asked again, if somebody else's news came in between."""
    try:
        intake.apply(reading, by=WORKER, now=timezone.now())
    except intake.Overlapping:
        intake.apply(disputes_read.read(reading.dispute["id"]), by=WORKER, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_what_a_slow_worker_read_before_the_end_is_asked_again(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(paid))["id"]
    early = disputes_read.read(dispute)
    sandbox.lose(dispute)
    late = disputes_read.read(dispute)
    intake.apply(late, by=WORKER, now=timezone.now())
    with pytest.raises(intake.Overlapping):
        intake.apply(early, by=WORKER, now=timezone.now())
    assert Dispute.objects.get().status == "lost"


def test_a_closed_dispute_opens_again_when_stripe_says_so(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    dispute = sandbox.dispute(intent_of(paid))["id"]
    sandbox.lose(dispute)
    postman.deliver()
    run_workers()
    assert not Dispute.objects.get().is_open
    sandbox.move_dispute(dispute, "appeal_under_review")
    postman.deliver()
    run_workers()
    assert Dispute.objects.get().is_open
    assert_as_at_stripe(sandbox, paid)


def test_money_that_came_back_does_not_mean_won(paid: Booking, sandbox: Sandbox) -> None:
    dispute = sandbox.dispute(intent_of(paid))
    returned = dispute["balance_transactions"][0] | {"id": "txn_back", "amount": 4500, "fee": 0, "net": 4500}
    dispute["balance_transactions"].append(returned)
    now = timezone.now()
    intake.apply(disputes_read.Reading(dispute, now, now), by=WORKER, now=now)
    row = Dispute.objects.get()
    assert (row.is_open, row.withdrawn) == (True, 0)
    assert statement.balance(paid.transactions.all()).kept == 4500


def test_a_fee_that_is_given_back_is_a_line_of_its_own(paid: Booking, sandbox: Sandbox) -> None:
    dispute = sandbox.dispute(intent_of(paid))
    returned = dispute["balance_transactions"][0] | {"id": "txn_fee", "amount": 0, "fee": -1500, "net": 1500}
    dispute["balance_transactions"].append(returned)
    now = timezone.now()
    intake.apply(disputes_read.Reading(dispute, now, now), by=WORKER, now=now)
    fees = paid.transactions.filter(kind="dispute_fee").order_by("amount")
    assert list(fees.values_list("amount", flat=True)) == [-1500, 1500]


def test_an_account_that_settles_in_another_currency_keeps_the_booking_s(
    paid: Booking, sandbox: Sandbox
) -> None:
    dispute = sandbox.dispute(intent_of(paid))
    booked = {"currency": "eur", "amount": -5321, "fee": 2000, "net": -7321, "exchange_rate": 1.1825}
    dispute["balance_transactions"][0] |= booked
    now = timezone.now()
    intake.apply(disputes_read.Reading(dispute, now, now), by=WORKER, now=now)
    lines = paid.transactions.exclude(kind="payment").order_by("kind")
    assert [(line.kind, line.amount, line.currency) for line in lines] == [
        ("chargeback", -4500, "gbp"),
        ("dispute_fee", -2000, "eur"),
    ]
    told = paid.audit_entries.get(action="dispute.settled_abroad").detail
    assert (told["amount"], told["currency"]) == (-5321, "eur")


def test_a_dispute_may_come_before_the_payment_s_success(
    customer: Customer, service: Service, sandbox: Sandbox, postman: Postman
) -> None:
    booking = customer.book(service)
    customer.pay(booking, "pm_card_createDispute")
    sandbox.settle()
    postman.deliver("charge.dispute.created", "charge.dispute.funds_withdrawn")
    run_workers()
    postman.deliver("payment_intent.succeeded")
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert_as_at_stripe(sandbox, booking)
    assert statement.balance(booking.transactions.all()).kept == 0


def test_a_dispute_of_a_payment_nobody_knows_waits_and_then_rests(
    db: None, sandbox: Sandbox, postman: Postman
) -> None:
    (intent,) = sandbox.seed(1)
    sandbox.dispute(intent)
    postman.deliver("charge.dispute.created")
    run_workers()
    event = WebhookEvent.objects.get()
    assert (event.status, Dispute.objects.count()) == ("pending", 0)
    later = timezone.now() + timedelta(days=5)
    for hours in range(70):
        jobs.run_due(lambda at=later + timedelta(hours=2 * hours): at)  # type: ignore[misc]
    event.refresh_from_db()
    assert event.status == "ignored"


def test_a_dispute_that_stripe_can_t_show_now_is_asked_for_later(
    paid: Booking, sandbox: Sandbox, postman: Postman
) -> None:
    sandbox.dispute(intent_of(paid))
    sandbox.fault("outage")
    postman.deliver()
    run_workers()
    assert (
        WebhookEvent.objects.filter(type__startswith="charge.dispute").exclude(status="pending").count() <= 1
    )
    sandbox.clear_faults()
    soon = timezone.now() + timedelta(hours=1)
    jobs.run_until_idle(lambda: soon)
    assert_as_at_stripe(sandbox, paid)


def test_a_dispute_of_an_unknown_intent_says_so(db: None, sandbox: Sandbox) -> None:
    (intent,) = sandbox.seed(1)
    dispute = sandbox.dispute(intent)["id"]
    with pytest.raises(NotYet):
        intake.apply(disputes_read.read(dispute), by=WORKER, now=timezone.now())
    with pytest.raises(gateway.Refused):
        disputes_read.read("du_nobody")

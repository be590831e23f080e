"""Random histories of bookings, payments, refunds, disputes, crashes and faults, held against Stripe's truth.

`make model N=1000` runs as many as you like, in slices that each have their number for a seed: a run that was
stopped goes on with FROM=<the next slice>. The suite runs a few, always the same.
"""

import os
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.models import Booking
from payments.models import Payment
from refunds.models import RefundRecord
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal
from refunds.tests.dying import SETBACK_POINTS, WORKER_POINTS
from refunds.tests.model.history import History
from refunds.tests.model.truth import check
from sandbox.client import Sandbox

HISTORIES, STEPS = int(os.environ.get("MODEL_HISTORIES", "0")), 30
SLICE, FROM = 50, int(os.environ.get("MODEL_FROM", "1"))

ANY = st.integers(0, 7)
CARDS = st.sampled_from(
    [
        *["pm_card_visa"] * 5,
        "pm_card_visa_chargeDeclined",
        "pm_card_pendingRefund",
        "pm_card_refundFail",
        "pm_card_createDispute",
        "pm_usBankAccount_success",
        "pm_usBankAccount_insufficientFunds",
    ]
)
FAULTS = st.sampled_from(
    "answer_lost error_after error_before broken_body dropped outage key_in_use "
    "rate_limit lock_timeout unauthorized".split()
)
DESK = (
    staff_actions.retry,
    staff_actions.put_on_hold,
    staff_actions.release,
    staff_actions.approve,
    staff_actions.undo_withdrawal,
    staff_actions.paid_by_other_means,
    withdrawal.withdraw,
)
PATHS = st.sampled_from(["/v1/refunds", "/v1/refunds", "/v1/disputes*", "/v1/payment_intents*", "*"])
SPANS = st.sampled_from([timedelta(minutes=minutes) for minutes in (1, 3, 20, 7 * 60, 25 * 60, 4 * 24 * 60)])


class Histories(RuleBasedStateMachine):
    sandbox: Sandbox

    def __init__(self) -> None:
        super().__init__()
        self.history = History(self.sandbox)

    def booking(self, which: int) -> Booking:
        return self.history.bookings[which % len(self.history.bookings)]

    def has_bookings(self) -> bool:
        return bool(self.history.bookings)

    @initialize(cards=st.lists(CARDS, max_size=3))
    def begin_with_paid_bookings(self, cards: list[str]) -> None:
        for number, card in enumerate(cards):
            self.book(50 + 2 * number)
            self.history.pay(self.history.bookings[-1], card, None)
        self.history.deliver("in order", 0)

    @rule(hours=st.sampled_from([6, 30, 30, 100, 100, 101]))
    def book(self, hours: int) -> None:
        self.history.book(hours)
        if self.history.bookings:
            self.history.open_sheet(self.history.bookings[-1])

    @precondition(has_bookings)
    @rule(which=ANY)
    def open_the_sheet(self, which: int) -> None:
        self.history.open_sheet(self.booking(which))

    @precondition(has_bookings)
    @rule(which=ANY, card=CARDS, amount=st.sampled_from([None, None, None, None, 4400]))
    def pay(self, which: int, card: str, amount: int | None) -> None:
        self.history.pay(self.booking(which), card, amount)

    @precondition(has_bookings)
    @rule(which=ANY)
    def pay_twice(self, which: int) -> None:
        self.history.pay_twice(self.booking(which))

    @precondition(has_bookings)
    @rule(which=ANY, by_business=st.sampled_from([False, False, True]))
    def cancel(self, which: int, by_business: bool) -> None:
        self.history.cancel(self.booking(which), by_business=by_business)

    @precondition(has_bookings)
    @rule(which=ANY, hours=st.sampled_from([40, 70, 101]))
    def move(self, which: int, hours: int) -> None:
        self.history.move(self.booking(which), hours)

    @precondition(has_bookings)
    @rule(which=ANY, amount=st.sampled_from([1, 1350, 3500, 4500]))
    def give_goodwill(self, which: int, amount: int) -> None:
        for payment in Payment.objects.filter(booking=self.booking(which), status="succeeded")[:1]:
            self.history.act(staff_actions.goodwill, payment, amount=amount, key=uuid.uuid4())

    @precondition(has_bookings)
    @rule(which=ANY, what=st.sampled_from(DESK), who=st.sampled_from([0, 1]), every=st.booleans())
    def work_at_the_desk(self, which: int, what: Callable[..., object], who: int, every: bool) -> None:
        """On all refunds of a booking, or on one."""
        records = RefundRecord.objects.filter(booking=self.booking(which)).order_by("requested_at")
        for record in list(records) if every else list(records)[which % 3 :][:1]:
            self.history.act(what, record, who)

    @precondition(has_bookings)
    @rule(which=ANY, amount=st.sampled_from([None, 1000]))
    def refund_in_the_dashboard(self, which: int, amount: int | None) -> None:
        for intent in self.history.intents(self.booking(which)):
            self.history.at_stripe(self.sandbox.dashboard_refund, intent, amount)

    @precondition(has_bookings)
    @rule(which=ANY, inquiry=st.booleans(), amount=st.sampled_from([None, None, 2000]))
    def dispute(self, which: int, inquiry: bool, amount: int | None) -> None:
        for intent in self.history.intents(self.booking(which))[:1]:
            self.history.at_stripe(self.sandbox.dispute, intent, inquiry=inquiry, amount=amount)

    @precondition(has_bookings)
    @rule(which=ANY, fate=st.sampled_from(["win", "lose", "close_inquiry", "escalate"]))
    def decide_dispute(self, which: int, fate: str) -> None:
        for dispute in self.sandbox.all("disputes")[which:]:
            self.history.at_stripe(getattr(self.sandbox, fate), dispute["id"])

    @precondition(has_bookings)
    @rule(which=ANY, fate=st.sampled_from(["succeed_refund", "fail_refund", "cancel_refund"]))
    def change_refund(self, which: int, fate: str) -> None:
        for refund in self.sandbox.all("refunds")[which:][:1]:
            self.history.at_stripe(getattr(self.sandbox, fate), refund["id"])

    @rule(left=st.sampled_from([0, 10_000_000]))
    def payout_or_top_up(self, left: int) -> None:
        self.sandbox.set_balance("gbp", left)

    @rule(kind=FAULTS, path=PATHS, count=st.integers(1, 3))
    def break_something(self, kind: str, path: str, count: int) -> None:
        self.sandbox.fault(kind, path=path, count=count, should_retry=False)

    @rule(
        how=st.sampled_from(["in order", "shuffled", "some", "twice", "old ones again"]), seed=st.integers()
    )
    def deliver(self, how: str, seed: int) -> None:
        self.history.deliver(how, seed)

    @precondition(has_bookings)
    @rule(sure=st.sampled_from([False, False, True]))
    def lose_webhooks(self, sure: bool) -> None:
        if sure:
            self.history.lose_webhooks()

    @rule()
    def work(self) -> None:
        self.history.work()

    @rule(point=st.sampled_from([*WORKER_POINTS, *SETBACK_POINTS]))
    def kill_a_worker(self, point: str) -> None:
        self.history.is_killed(point)

    @rule()
    def pause_a_worker(self) -> None:
        self.history.pause_a_worker()

    @rule()
    def pause_a_worker_about_to_send(self) -> None:
        self.history.pause_a_worker_about_to_send()

    @rule()
    def wake_the_paused(self) -> None:
        self.history.wake_the_paused()

    @rule(span=SPANS)
    def pass_time(self, span: timedelta) -> None:
        self.history.pass_time(span)

    def teardown(self) -> None:
        assert self.history.calm_down(), "it never came to rest"
        for booking in self.history.bookings:
            check(booking, self.sandbox)


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_the_books_agree_with_stripe(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Histories, "sandbox", sandbox, raising=False)
    for pace in ("STRIPE_PACE", "STRIPE_REFUND_PACE"):
        monkeypatch.setattr(django_settings, pace, 1_000_000)
    monkeypatch.setattr(django_settings, "APPROVAL_THRESHOLD", 3000)
    if not HISTORIES:
        play(10, derandomize=True)
    for number in range(FROM, FROM + -(-HISTORIES // SLICE)):
        seed(number)(Histories)
        play(SLICE, derandomize=False)
        with capsys.disabled():
            sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} slice {number} held: {SLICE} histories\n")
            sys.stdout.flush()


def play(histories: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=histories,
            stateful_step_count=STEPS,
            derandomize=derandomize,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )

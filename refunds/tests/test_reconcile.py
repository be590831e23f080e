"""If no webhook ever arrived the books would still come right."""

import subprocess
import sys

import pytest

from bookings.models import Service
from bookings.verification import Verification
from config.tests.world import Customer
from refunds.models import ReconciliationRun
from refunds.tests.bookkeeping import Day, Reconcile, books, healed, lose_for_good
from refunds.tests.workshop import statement_of
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("kind", "status"), [("forbidden", None), ("refuse", 404)])
@pytest.mark.parametrize("path", ["/v1/balance_transactions*", "/v1/events*"])
def test_a_key_that_may_not_list_all_still_has_its_objects_compared(
    customer: Customer,
    shop: Service,
    reconcile: Reconcile,
    sandbox: Sandbox,
    path: str,
    kind: str,
    status: int | None,
) -> None:
    bookings = Day(customer, shop).live()
    sandbox.fault(kind, path=path, status=status or 403)
    assert healed(reconcile()) > 0
    assert statement_of(bookings["kept"]) == [("payment", 4500)]


@pytest.mark.django_db(transaction=True)
def test_the_worker_compares_by_itself(
    customer: Customer, shop: Service, process_environment: dict[str, str]
) -> None:
    booking = Day(customer, shop).paid(at=1)
    command = [sys.executable, "manage.py", "worker", "--once"]
    subprocess.run(command, env=process_environment, check=True, capture_output=True)
    booking.refresh_from_db()
    run = ReconciliationRun.objects.get()
    assert (booking.status, run.source, run.finished_at is not None) == ("confirmed", "worker", True)
    # It is not due again for an hour.
    subprocess.run(command, env=process_environment, check=True, capture_output=True)
    assert ReconciliationRun.objects.count() == 1

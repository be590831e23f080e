"""One hold in trouble stops no other, and what waits for a bank isn't asked for every ten seconds."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from backoffice.home import attention
from bookings import lifecycle
from bookings.models import Service
from config.tests.world import Customer
from core.models import PutOff
from payments import holds, pace
from payments.tests.test_holds import expire, later, status_of
from sandbox.client import Sandbox


@pytest.fixture
def many(service: Service) -> Service:
    service.capacity = 100
    service.save()
    return service


def test_a_hold_behind_many_debits_under_way_expires_in_its_time(
    customer: Customer, many: Service, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "BATCH", 3)
    for hours in range(50, 54):
        debit = customer.book(many, starts_in=timedelta(hours=hours))
        customer.pay(debit, "pm_usBankAccount_success")
    unpaid = customer.book(many)
    customer.open_sheet(unpaid)
    expire(16)
    expire(16)
    assert status_of(unpaid) == "expired"


def test_stripe_is_not_asked_for_a_debit_under_way_again_and_again(
    customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    customer.pay(customer.book(service), "pm_usBankAccount_success")
    before = sandbox.stats()["requests"]
    for tenth in range(6 * 60):
        holds.expire_due(partial(later, 16 + tenth / 6))
    assert sandbox.stats()["requests"] - before <= 12
    assert not attention.concerns()["row_in_trouble"].exists()


def test_a_hold_whose_look_up_raises_stops_no_other_and_staff_see_it(
    customer: Customer, many: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = customer.book(many)
    sound = customer.book(many, starts_in=timedelta(hours=72))
    expire_as_it_is = lifecycle.expire

    def expire_unless_broken(story: Any) -> None:
        if story.booking.pk == broken.pk:
            raise ValueError("one@example.com")
        expire_as_it_is(story)

    monkeypatch.setattr(lifecycle, "expire", expire_unless_broken)
    with capture_logs() as logs:
        expire()
    assert status_of(sound) == "expired"
    assert [(line["event"], line["sweep"]) for line in logs] == [("row.failed", "holds")]
    trouble = PutOff.objects.get()
    assert (str(trouble), trouble.error) == (f"holds: {broken.reference}", "ValueError")
    monkeypatch.undo()
    expire(18)
    assert status_of(broken) == "expired"
    assert not PutOff.objects.exists()


def test_a_trouble_that_lasts_is_shown_to_staff(customer: Customer, service: Service) -> None:
    booking = customer.book(service)
    for _ in range(3):
        holds.SWEEP.put_off(booking, now=timezone.now(), error="ValueError")
    assert attention.concerns()["row_in_trouble"].count() == 1


def test_while_stripe_has_us_wait_only_what_needs_no_question_expires(
    customer: Customer, many: Service, sandbox: Sandbox
) -> None:
    to_ask_for = customer.book(many)
    customer.open_sheet(to_ask_for)
    without = customer.book(many, starts_in=timedelta(hours=72))
    pace.slow_down(timedelta(seconds=50), now=later(16))
    expire()
    assert [status_of(to_ask_for), status_of(without)] == ["pending_payment", "expired"]

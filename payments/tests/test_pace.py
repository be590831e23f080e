"""Workers together stay below Stripe's limit, and nobody else waits for it."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking
from config.tests.world import Customer
from core.models import Mark
from core.work import stopping
from core.work.lease import backoff
from payments import pace

NOW = timezone.now()


@pytest.mark.django_db
def test_slots_are_given_out_one_after_the_other_whoever_asks(settings: Settings) -> None:
    settings.STRIPE_PACE = 20
    waits = [pace.reserve(1, now=NOW).total_seconds() for _ in range(5)]
    assert waits == pytest.approx([0, 0, 0, 0.05, 0.1])
    assert pace.reserve(20, now=NOW).total_seconds() == pytest.approx(0.15)
    assert pace.reserve(1, now=NOW).total_seconds() == pytest.approx(1.15)


@pytest.mark.django_db
def test_refunds_stay_below_the_limit_of_their_endpoint_whatever_is_allowed_in_all(
    settings: Settings,
) -> None:
    settings.STRIPE_PACE, settings.STRIPE_REFUND_PACE = 80, 20
    waits = [pace.reserve_refund(now=NOW).total_seconds() for _ in range(5)]
    assert waits == pytest.approx([0, 0, 0, 0.05, 0.1])
    assert pace.reserve(1, now=NOW).total_seconds() == pytest.approx(3 / 80)


@pytest.mark.django_db
def test_slots_that_nobody_used_are_gone_but_for_two(settings: Settings) -> None:
    settings.STRIPE_PACE = 20
    pace.reserve(1, now=NOW)
    later = NOW + timedelta(minutes=1)
    waits = [pace.reserve(1, now=later).total_seconds() for _ in range(4)]
    assert waits == pytest.approx([0, 0, 0, 0.05])


@pytest.mark.django_db
def test_told_to_slow_down_everybody_waits_that_long(settings: Settings) -> None:
    settings.STRIPE_PACE = 20
    pace.slow_down(timedelta(seconds=3), now=NOW)
    assert pace.reserve(1, now=NOW) == timedelta(seconds=3)
    pace.slow_down(timedelta(seconds=1), now=NOW)
    assert pace.reserve(1, now=NOW) == timedelta(seconds=3.05)


def test_a_customer_never_waits_for_the_workers_pace(
    customer: Customer, paid: Booking, settings: Settings
) -> None:
    pace.slow_down(timedelta(minutes=1), now=timezone.now())
    customer.cancel(paid)
    assert customer.refund_status(paid)["status"] == "in_progress"
    assert Mark.objects.get(name=pace.NAME).at > timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db
def test_nobody_waits_longer_than_a_minute_whatever_a_wrong_clock_has_written(settings: Settings) -> None:
    settings.STRIPE_PACE = 20
    pace.slow_down(timedelta(hours=1), now=NOW)
    assert pace.reserve(1, now=NOW) == timedelta(minutes=1)
    Mark.objects.update(at=NOW + timedelta(days=1))
    assert pace.reserve(1, now=NOW) == timedelta()


@pytest.mark.django_db
@pytest.mark.parametrize(("in_all", "of_refunds"), [(5, 5), (15, 15), (50, 20), (80, 20)])
def test_a_lower_pace_in_all_never_raises_that_of_refunds(
    settings: Settings, in_all: int, of_refunds: int
) -> None:
    settings.STRIPE_PACE = in_all
    settings.STRIPE_REFUND_PACE = 20
    waits = [pace.reserve_refund(now=NOW).total_seconds() for _ in range(103)]
    assert waits[-1] == pytest.approx(100 / of_refunds, rel=0.02)


def test_a_sleep_ends_at_once_when_the_worker_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "told", threading.Event())
    threading.Timer(0.1, stopping.told.set).start()
    began = time.monotonic()
    stopping.sleep(30)
    assert time.monotonic() - began < 5


def test_waiting_grows_from_ten_seconds_to_an_hour_and_never_all_at_the_same_moment() -> None:
    for attempts, seconds in ((0, 10), (1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (10_000, 3600)):
        waits = {backoff(attempts).total_seconds() for _ in range(50)}
        assert all(seconds * 0.75 <= wait <= seconds * 1.25 for wait in waits)
        assert len(waits) > 40

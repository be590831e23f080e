"""A snow day: previewed, confirmed by its count, done one by one, and nobody is left out or paid twice."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking, Service
from config.tests.world import Customer, Postman, run_workers
from core.errors import DomainError
from refunds import cancellation, closures
from refunds.models import RefundRecord
from refunds.models.closures import Closure, ClosureItem
from sandbox.client import Sandbox


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", "boss@example.com")


@pytest.fixture
def day(customer: Customer, service: Service) -> list[Booking]:
    """Three paid bookings: in two days, in two days and a bit, and within the notice."""
    Service.objects.update(capacity=5)
    return [customer.book_and_pay(service, starts_in=timedelta(hours=hours)) for hours in (48, 49, 5)]


def begin(boss: User, bookings: list[Booking], **change: Any) -> Closure:
    wish: dict[str, Any] = {"key": uuid.uuid4(), "count": len(bookings), "reason": "snow"} | change
    return closures.begin(bookings=bookings, staff=boss, now=timezone.now(), **wish)


def test_the_preview_tells_how_much_goes_back_and_changes_nothing(
    day: list[Booking], sandbox: Sandbox
) -> None:
    sandbox.set_balance("gbp", 10_000)
    seen = closures.preview(day, now=timezone.now())
    assert (seen.refunds, seen.available, seen.is_covered) == ({"gbp": 13_500}, {"gbp": 10_000}, False)
    assert len(seen.cancellable) == 3
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}


def test_everybody_gets_everything_back_also_within_the_notice(
    boss: User, day: list[Booking], postman: Postman
) -> None:
    closure = begin(boss, day)
    run_workers()
    assert closures.progress(closure) == {"waiting": 0, "cancelled": 3, "refused": 0, "failed": 0}
    records = RefundRecord.objects.all()
    assert {(record.rule, record.amount, record.status) for record in records} == {
        ("business_cancelled", 4500, "succeeded")
    }
    assert {record.requested_by for record in records} == {f"staff:{boss.pk}"}


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_cancelled_is_listed_and_stops_no_other(boss: User, day: list[Booking]) -> None:
    Booking.objects.filter(pk=day[1].pk).update(status="completed")
    closure = begin(boss, day)
    run_workers()
    assert list(closure.items.values_list("outcome", "code")) == [
        ("cancelled", "business_cancelled"),
        ("refused", "not_cancellable"),
        ("cancelled", "business_cancelled"),
    ]


def test_one_failing_booking_stops_no_other_and_is_resumed(
    boss: User, day: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cancellation.cancel_booking

    def breaks_on_the_second(bookings: Any, **how: Any) -> Any:
        if bookings.filter(pk=day[1].pk).exists():
            raise RuntimeError
        return real(bookings, **how)

    closure = begin(boss, day)
    with monkeypatch.context() as patch:
        patch.setattr(cancellation, "cancel_booking", breaks_on_the_second)
        run_workers()
    assert closures.progress(closure)["failed"] == 1

    assert closures.resume(closure) == 1
    run_workers()
    assert closures.progress(closure)["cancelled"] == 3
    assert RefundRecord.objects.count() == 3


def test_a_closure_that_was_interrupted_goes_on(boss: User, day: list[Booking]) -> None:
    closure = begin(boss, day)
    closures.carry_on(timezone.now, limit=1)
    assert closures.progress(closure)["waiting"] == 2
    run_workers()
    assert closures.progress(closure)["cancelled"] == 3


def test_the_same_form_sent_twice_is_one_closure(boss: User, day: list[Booking]) -> None:
    key = uuid.uuid4()
    assert begin(boss, day, key=key) == begin(boss, day, key=key)
    assert ClosureItem.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "code"), [({"count": 2}, "count_differs"), ({"bookings": []}, "nothing_chosen")]
)
def test_a_wrong_count_or_nothing_chosen_changes_nothing(
    boss: User, day: list[Booking], change: dict[str, Any], code: str
) -> None:
    chosen = change.pop("bookings", day)
    with pytest.raises(DomainError) as refusal:
        begin(boss, chosen, **change)
    assert (refusal.value.code, Closure.objects.count()) == (code, 0)


def test_two_workers_on_one_closure_refund_once(boss: User, day: list[Booking]) -> None:
    begin(boss, day)
    stale = list(ClosureItem.objects.select_related("closure"))
    run_workers()
    for item in stale:
        closures._cancel(item, timezone.now())
    assert RefundRecord.objects.count() == 3
    assert set(ClosureItem.objects.values_list("outcome", flat=True)) == {"cancelled"}

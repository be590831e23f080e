"""The kept sums of a month are what its lines add up to, whatever happens to lines and bookings."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bookings import moving
from bookings.audit import By
from bookings.models import Booking, Resource
from core.work import jobs
from payments.books import beginning, lines, months, proving, totals
from payments.gateway import Answer
from payments.models import BalanceLine, ClosedMonth, MonthTotal
from payments.tests.test_books_begin import listed

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STAFF = By("staff:1", "admin")


@pytest.fixture(autouse=True)
def begun() -> None:
    beginning.begin(datetime(2026, 11, 1, tzinfo=UTC), held={"gbp": 1000}, now=NOW)


def charge(number: int, intent: str | None, net: int = 4400) -> Answer:
    row = listed(number, on=NOW, net=net)
    card = {"card": {"network": "visa"}}
    source = {
        "id": f"ch_{number}",
        "object": "charge",
        "payment_intent": intent,
        "payment_method_details": card,
    }
    return {**row, "type": "charge", "reporting_category": "charge", "source": source}


def agree() -> None:
    """Everything a page shows is what the lines say."""
    assert totals.of_month(NOVEMBER) == totals.of_lines(BalanceLine.objects.filter(month=NOVEMBER))
    assert months.month(NOVEMBER) == months.reckon(NOVEMBER)
    for by in months.SPLITS:
        assert months.shares(NOVEMBER, by) == months.reckon_shares(NOVEMBER, by)
    later = date(2026, 12, 1)
    assert months.held_before(later, months.TOTALS) == months.held_before(later)


def test_lines_are_added_up_as_they_are_written_and_once(paid: Booking) -> None:
    intent = paid.payments.get().stripe_payment_intent_id
    page = [
        charge(1, intent),
        charge(2, None),
        listed(3, on=NOW, net=-20),
        listed(4, on=NOW, net=7, currency="jpy"),
    ]
    for _ in range(2):
        lines.take_in(page, now=NOW)
    assert MonthTotal.objects.count() == 4
    agree()
    assert months.month(NOVEMBER)[0].takings == 8800


def test_a_line_whose_payment_is_learned_later_goes_to_its_service(paid: Booking) -> None:
    payment = paid.payments.get()
    intent, payment.stripe_payment_intent_id = payment.stripe_payment_intent_id, None
    payment.save()
    lines.take_in([charge(1, intent)], now=NOW)
    assert [one.is_ours for one in months.shares(NOVEMBER, "service")] == [False]
    payment.stripe_payment_intent_id = intent
    payment.save()
    lines.take_in([charge(1, intent)], now=NOW)
    assert [one.name for one in months.shares(NOVEMBER, "service")] == [paid.service.name]
    agree()


def test_what_a_booking_brought_goes_along_to_another_person(paid: Booking) -> None:
    grace, ada = (Resource.objects.create(name=name) for name in ("Grace", "Ada"))
    paid.service.resources.add(grace, ada)
    Booking.objects.filter(pk=paid.pk).update(resource=grace)
    lines.take_in([charge(1, paid.payments.get().stripe_payment_intent_id)], now=NOW)
    one = Booking.objects.filter(pk=paid.pk)
    later = paid.starts_at + timedelta(days=1)
    now = paid.starts_at - timedelta(days=1)
    for resource in (ada.pk, ada.pk, grace.pk, ada.pk):
        moving.move(one, later, resource_id=resource, by=STAFF, now=now, by_business=True)
    assert [(share.name, share.figures.takings) for share in months.shares(NOVEMBER, "person")] == [
        ("Ada", 4400)
    ]
    agree()


def test_what_differs_is_mended_by_the_worker_and_pieces_are_put_together(paid: Booking) -> None:
    for number in range(1, 4):
        lines.take_in([charge(number, None)], now=NOW)
    right = totals.of_month(NOVEMBER)
    assert MonthTotal.objects.count() == 3
    assert proving.prove(NOVEMBER)
    assert MonthTotal.objects.count() == 1
    MonthTotal.objects.update(amount=5)
    MonthTotal.objects.create(
        month=date(2026, 10, 1), currency="gbp", category="fee", amount=1, fee=0, lines=1
    )
    job = next(one for one in jobs.jobs() if one.name == "month totals")
    assert job.run(lambda: NOW) == 2
    assert totals.of_month(NOVEMBER) == right
    assert MonthTotal.objects.count() == 1
    assert job.run(lambda: NOW) == 0


def test_the_command_mends_closed_months_too_and_the_worker_leaves_them() -> None:
    lines.take_in([charge(1, None)], now=NOW)
    ClosedMonth.objects.create(
        month=NOVEMBER, figures={}, file=b"", digest="", closed_at=NOW, closed_by="staff:1"
    )
    MonthTotal.objects.all().delete()
    assert proving.prove_open(lambda: NOW) == 0
    out = StringIO()
    call_command("rebuild_month_totals", stdout=out)
    assert out.getvalue() == "1 months differed and were mended.\n"
    assert MonthTotal.objects.count() == 1

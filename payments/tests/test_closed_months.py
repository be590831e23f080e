"""Closed months: what is learned later is a correction in the month it is learned."""

import hashlib
from csv import DictReader
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction

from bookings.models import Booking, Resource
from core.errors import DomainError
from payments.books import beginning, closing, lines, months
from payments.models import BalanceLine, ClosedMonth
from payments.tests.test_books_begin import listed

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))
NOW = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def october() -> None:
    """Fees of £1 and £2 in October, £4 in November; Stripe held £100 before."""
    beginning.begin(datetime(2026, 10, 1, tzinfo=UTC), held={"gbp": 10_000}, now=NOW)
    for number, month, net in ((1, 10, -100), (2, 10, -200), (3, 11, -400)):
        at = datetime(2026, month, 15, 12, tzinfo=UTC)
        lines.take_in([listed(number, on=at, net=net)], now=at)


def close(named: date, now: datetime = NOW) -> ClosedMonth:
    return closing.close(named, by="staff:1", now=now, note="as agreed")


def test_a_closed_month_keeps_its_figures_whatever_is_learned_later(october: None) -> None:
    closed = close(OCTOBER)
    before = months.month(OCTOBER)
    late = datetime(2026, 10, 20, 12, tzinfo=UTC)
    lines.take_in([listed(9, on=late, net=-5000)], now=NOW)
    assert months.month(OCTOBER) == before == months.reckon(OCTOBER)
    (fees,) = before
    assert (fees.opening, fees.fees, fees.closing) == (10_000, -300, 9_700)
    (correction,) = months.corrections(DECEMBER)
    assert (correction.stripe_id, correction.month) == ("txn_9", DECEMBER)
    (december,) = months.month(DECEMBER)
    assert (december.opening, december.fees, december.closing) == (9_300, -5000, 4_300)
    assert months.held() == {"gbp": 4_300}
    assert ClosedMonth.objects.get() == closed


def test_months_are_closed_in_order_once_and_when_they_are_over(october: None) -> None:
    for named, why in (
        (date(2026, 9, 1), "begin later"),
        (NOVEMBER, "Close October 2026 first"),
        (DECEMBER, "isn't over"),
    ):
        with pytest.raises(DomainError) as caught:
            close(named)
        assert (caught.value.code, why in caught.value.detail) == ("not_closable", True)
    close(OCTOBER)
    with pytest.raises(DomainError, match="not_closable"):
        close(OCTOBER)
    close(NOVEMBER)
    assert ClosedMonth.objects.count() == 2


def test_a_month_ends_at_midnight_of_the_business(october: None) -> None:
    with pytest.raises(DomainError):
        close(OCTOBER, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC))
    close(OCTOBER, datetime(2026, 11, 1, 0, 0, tzinfo=UTC))


def test_what_is_learned_before_closing_belongs_to_its_own_month(october: None) -> None:
    lines.take_in([listed(9, on=datetime(2026, 10, 20, tzinfo=UTC), net=-7)], now=NOW)
    assert BalanceLine.objects.get(stripe_id="txn_9").month == OCTOBER
    assert not months.corrections(DECEMBER).exists()


def test_the_accountants_file_says_what_is_in_it(october: None) -> None:
    closed = close(OCTOBER)
    content = bytes(closed.file)
    assert closed.digest == hashlib.sha256(content).hexdigest()
    with ZipFile(BytesIO(content)) as archive:
        papers = {name.removeprefix("2026-10/"): archive.read(name) for name in archive.namelist()}
    assert list(papers) == [
        "summary.pdf",
        "month.csv",
        "by_service.csv",
        "by_person.csv",
        "payouts.csv",
        "lines.csv",
        "digest.txt",
    ]
    for told in papers["digest.txt"].decode().splitlines():
        digest, name = told.split("  ")
        assert digest == hashlib.sha256(papers[name]).hexdigest()
    assert papers["summary.pdf"].startswith(b"%PDF-")
    assert papers["month.csv"].startswith(b"\xef\xbb\xbfcurrency,opening,")
    (month,) = DictReader(papers["month.csv"].decode("utf-8-sig").splitlines())
    assert (month["currency"], month["fees"], month["closing"]) == ("GBP", "-3.00", "97.00")
    rows = list(DictReader(papers["lines.csv"].decode("utf-8-sig").splitlines()))
    assert [(row["stripe_id"], row["amount"]) for row in rows] == [("txn_1", "-1.00"), ("txn_2", "-2.00")]


def test_a_closed_month_can_not_be_opened_or_changed(october: None) -> None:
    close(OCTOBER)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ClosedMonth.objects.update(note="another")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ClosedMonth.objects.all().delete()


def test_a_closed_month_keeps_who_brought_what(october: None, paid: Booking) -> None:
    grace, ada = (Resource.objects.create(name=name, kind="person") for name in ("Grace", "Ada"))
    Booking.objects.filter(pk=paid.pk).update(resource=grace)
    at = datetime(2026, 10, 16, 12, tzinfo=UTC)
    charge = {**listed(5, on=at, net=4400), "reporting_category": "charge", "type": "charge"}
    intent = paid.payments.get().stripe_payment_intent_id
    source = {"id": "ch_5", "object": "charge", "payment_intent": intent}
    lines.take_in([{**charge, "source": source}], now=at)
    close(OCTOBER)
    before = months.shares(OCTOBER, "person")
    assert [(one.name, one.figures.takings) for one in before] == [("Grace", 4400), ("", 0)]
    Booking.objects.filter(pk=paid.pk).update(resource=ada)
    assert months.shares(OCTOBER, "person") == before
    assert months.reckon_shares(OCTOBER, "person") != before

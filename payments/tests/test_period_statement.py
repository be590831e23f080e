"""The accountant's statement: opening and closing balance agree from period to period."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from backoffice.tests.desk_world import person, signed_in
from bookings.audit import By, story_of
from bookings.models import Booking
from config.tests.world import Customer
from payments.books import statement
from payments.books.period_statement import PeriodStatement, statements
from payments.models import TransactionKind

pytestmark = pytest.mark.django_db

K = TransactionKind
MAY, JUNE, JULY = (datetime(2024, month, 1, tzinfo=UTC) for month in (5, 6, 7))


@pytest.fixture
def lines(customer: Customer, paid: Booking) -> None:
    """Two currencies, two months, one line at the very start of June."""
    payment = paid.payments.get()
    moved = (
        (K.PAYMENT, 10000, "gbp", datetime(2024, 5, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        (K.PAYMENT, 5000, "gbp", JUNE),
        (K.REFUND, -2000, "gbp", datetime(2024, 6, 3, tzinfo=UTC)),
        (K.REFUND_RETURNED, 2000, "gbp", datetime(2024, 6, 4, tzinfo=UTC)),
        (K.CHARGEBACK, -5000, "gbp", datetime(2024, 6, 5, tzinfo=UTC)),
        (K.DISPUTE_FEE, -1500, "gbp", datetime(2024, 6, 5, tzinfo=UTC)),
        (K.CHARGEBACK_RETURNED, 5000, "gbp", datetime(2024, 6, 30, 23, 59, 59, tzinfo=UTC)),
        (K.PAYMENT, 9899, "jpy", datetime(2024, 6, 7, tzinfo=UTC)),
    )
    with story_of(Booking.objects.filter(pk=paid.pk), by=By("system", "command"), now=JULY) as story:
        for number, (kind, amount, currency, at) in enumerate(moved):
            statement.write(
                story, payment.pk, kind, amount=amount, currency=currency, stripe_id=f"x_{number}", at=at
            )


@pytest.mark.usefixtures("lines")
def test_a_period_in_sums() -> None:
    nothing = {"refunds": 0, "returned": 0, "chargebacks": 0, "chargebacks_returned": 0, "fees": 0}
    june = {
        "payments": 5000,
        "refunds": -2000,
        "returned": 2000,
        "chargebacks": -5000,
        "chargebacks_returned": 5000,
        "fees": -1500,
    }
    gbp = PeriodStatement("gbp", opening=10000, sums=june)
    assert gbp.closing == 13500
    jpy = PeriodStatement("jpy", opening=0, sums={"payments": 9899, **nothing})
    assert statements(since=JUNE, until=JULY) == [gbp, jpy]


@pytest.mark.usefixtures("lines")
def test_what_one_period_closes_with_the_next_opens_with() -> None:
    may, june = statements(since=MAY, until=JUNE), statements(since=JUNE, until=JULY)
    assert {one.currency: one.closing for one in may} == {"gbp": 10000}
    assert {one.currency: one.opening for one in june} == {"gbp": 10000, "jpy": 0}


@pytest.fixture
def accountant(db: None) -> Client:
    return signed_in(person("viewer"))


ADDRESS = "/admin/payments/paymenttransaction/period/"
JUNE_DAYS = {"first": "2024-06-01", "last": "2024-06-30"}


@pytest.mark.usefixtures("lines")
def test_the_page_and_the_file_tell_the_same(accountant: Client) -> None:
    page = accountant.get(ADDRESS, JUNE_DAYS).content.decode()
    assert all(figure in page for figure in ("£100.00", "£50.00", "-£15.00", "£135.00", "JP¥9,899"))
    file = b"".join(accountant.get(f"{ADDRESS}csv/", JUNE_DAYS)).decode("utf-8-sig").splitlines()
    assert file == [
        "currency,opening,payments,refunds,returned,chargebacks,chargebacks_returned,fees,closing",
        "gbp,10000,5000,-2000,2000,-5000,5000,-1500,13500",
        "jpy,0,9899,0,0,0,0,0,9899",
    ]


def test_without_days_it_is_the_last_month(accountant: Client) -> None:
    assert "No money has ever moved" in accountant.get(ADDRESS).content.decode()


def test_days_that_make_no_period_are_refused(accountant: Client) -> None:
    backwards = {"first": "2024-06-30", "last": "2024-06-01"}
    assert "before the first" in accountant.get(ADDRESS, backwards).content.decode()
    assert accountant.get(f"{ADDRESS}csv/", backwards).status_code == 400
    assert accountant.get(f"{ADDRESS}csv/", {"first": "rubbish"}).status_code == 400


def test_it_is_for_staff_who_may_see_the_statement(client: Client, customer: Customer) -> None:
    client.force_login(customer.user)
    assert client.get(ADDRESS).status_code == 302
    customer.user.is_staff = True
    customer.user.save()
    assert client.get(ADDRESS).status_code == 403
    assert client.get(f"{ADDRESS}csv/").status_code == 403

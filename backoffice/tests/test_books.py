"""The accountant's pages: payouts, months, closing, figures that steer."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.books import steering
from backoffice.tests.desk_world import person, signed_in
from bookings.models import Booking, Resource, Service
from config.tests.world import Customer
from payments.books import beginning, calendar_month, lines, proving
from payments.models import ClosedMonth, Payout
from payments.tests.test_books_begin import listed
from refunds.models import EarlyFraudWarning
from refunds.tests.bookkeeping import Day, Reconcile
from sandbox.client import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> Client:
    return signed_in(person("manager"))


@pytest.fixture
def viewer(db: None) -> Client:
    return signed_in(person("viewer"))


@pytest.fixture
def bookings(customer: Customer, shop: Service, sandbox: Sandbox, reconcile: Reconcile) -> dict[str, Booking]:
    """A day's life, paid out and compared."""
    reconcile()
    day = Day(customer, shop)
    bookings = day.live()
    reconcile()
    day.go_on(bookings)
    sandbox.seed(1)
    (made,) = sandbox.pay_out()
    sandbox.settle()
    sandbox.arrive(made["id"])
    reconcile()
    return bookings


def this_month() -> str:
    return f"{timezone.now():%Y-%m}"


def page(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"admin:payments_{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def table(client: Client, name: str, **query: str) -> list[dict[str, str]]:
    answer: Any = client.get(reverse("admin:payments_month_csv", args=[this_month(), name]), query)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_a_payout_is_shown_with_what_is_in_it_down_to_the_bookings(
    viewer: Client, bookings: dict[str, Booking]
) -> None:
    payout = Payout.objects.get()
    told = page(viewer, "payout_change", payout.pk)
    assert "the sum of its lines" in told
    assert bookings["kept"].reference in told
    assert "not ours" in told
    listed_page = page(viewer, "balanceline_changelist", q=payout.stripe_id)
    assert bookings["kept"].reference in listed_page
    assert "Arrived" in page(viewer, "payout_changelist")


def test_a_bookings_page_tells_stripes_fee_and_when_it_was_paid_out(
    viewer: Client, bookings: dict[str, Booking]
) -> None:
    answer = viewer.get(reverse("admin:bookings_booking_change", args=[bookings["kept"].pk]))
    told = answer.content.decode()
    assert "£1.60" in told
    assert f"{Payout.objects.get().arrives_on:%-d %B %Y}" in told


def test_a_month_adds_up(viewer: Client, bookings: dict[str, Booking], sandbox: Sandbox) -> None:
    (month,) = table(viewer, "month")
    assert (month["takings"], month["refunds"]) == ("360.00", "-100.00")
    assert (month["chargebacks"], month["fees"]) == ("-45.00", "-42.80")
    minor: dict[str, int] = {
        name: int(value)
        for name, value in table(viewer, "month", units="minor")[0].items()
        if name != "currency"
    }
    moved = sum(minor[name] for name in ("takings", "refunds", "chargebacks", "fees", "other"))
    assert minor["net"] == moved
    assert minor["opening"] + moved + minor["payouts"] == minor["closing"]
    assert "Still at Stripe" in page(viewer, "month", this_month())
    assert "£360.00" in page(viewer, "month_paper", this_month())


def test_services_and_people_together_are_the_month(
    viewer: Client, bookings: dict[str, Booking], shop: Service
) -> None:
    grace = Resource.objects.create(name="Grace", kind="person")
    Booking.objects.filter(pk=bookings["kept"].pk).update(resource=grace)
    proving.prove_all()  # written past the system, so it is seen when the worker next adds up
    (month,) = table(viewer, "month", units="minor")
    for by in ("service", "person"):
        rows = table(viewer, by, units="minor")
        for column in ("takings", "refunds", "chargebacks", "fees", "other", "net"):
            assert sum(int(row[column]) for row in rows) == int(month[column]), (by, column)
    people = {row["person"]: row["takings"] for row in table(viewer, "person")}
    assert people == {"Grace": "45.00", "No person": "270.00", "Not of a booking of ours": "45.00"}
    services = {row["service"]: row["takings"] for row in table(viewer, "service")}
    assert services == {"Class": "315.00", "Not of a booking of ours": "45.00"}


def test_lines_are_exported_in_decimals_or_minor_units(viewer: Client, bookings: dict[str, Booking]) -> None:
    address = reverse("admin:payments_balanceline_csv")
    for units, amount in (("", "45.00"), ("minor/", "4500")):
        answer: Any = viewer.get(f"{address}{units}", {"category__exact": "charge"})
        content = b"".join(answer)
        assert content.startswith(b"\xef\xbb\xbfstripe_id,")
        rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
        assert [row["amount"] for row in rows] == [amount] * 8
        assert bookings["kept"].reference in {row["payment_booking_reference"] for row in rows}


@pytest.fixture
def last_month(db: None) -> str:
    """A month that is over, with one fee in it."""
    now = timezone.now()
    named = calendar_month.preceding(now.date().replace(day=1))
    at = now.replace(year=named.year, month=named.month, day=15)
    beginning.begin(at - timedelta(days=3), held={"gbp": 10_000}, now=now)
    lines.take_in([listed(1, on=at, net=-100)], now=now)
    return f"{named:%Y-%m}"


def test_a_manager_closes_a_month_and_gets_the_file(manager: Client, last_month: str) -> None:
    assert "Close the month" in page(manager, "month", last_month)
    address = reverse("admin:payments_month_close", args=[last_month])
    assert manager.get(address).status_code == 200
    assert not ClosedMonth.objects.exists()
    assert manager.post(address, {"note": "As agreed."}).status_code == 302
    told = page(manager, "month", last_month)
    assert ("As agreed." in told, "Close the month" in told) == (True, False)
    again = manager.post(address)
    assert (again.status_code, "is closed already" in again.content.decode()) == (409, True)
    file = manager.get(reverse("admin:payments_month_file", args=[last_month]))
    with ZipFile(BytesIO(file.content)) as archive:
        assert f"{last_month}/summary.pdf" in archive.namelist()
    assert "closed on" in page(manager, "closedmonth_changelist")


def test_a_late_line_is_marked_as_a_correction(manager: Client, last_month: str) -> None:
    manager.post(reverse("admin:payments_month_close", args=[last_month]))
    late = timezone.now().replace(day=1) - timedelta(days=5)
    lines.take_in([listed(2, on=late, net=-700)], now=timezone.now())
    assert "closed before anybody knew" in page(manager, "month", this_month())
    (row,) = table(manager, "lines")
    assert row["correction_of"] == f"{last_month}-01"


def test_only_managers_close_and_only_staff_with_a_role_look(viewer: Client, last_month: str) -> None:
    assert "Close the month" not in page(viewer, "month", last_month)
    assert viewer.post(reverse("admin:payments_month_close", args=[last_month])).status_code == 403
    without_role = person("viewer", "nobody")
    without_role.groups.clear()
    nobody = signed_in(without_role)
    for name, args in (
        ("payout_changelist", []),
        ("balanceline_changelist", []),
        ("closedmonth_changelist", []),
        ("month", [last_month]),
        ("month_paper", [last_month]),
        ("month_csv", [last_month, "lines"]),
        ("month_file", [last_month]),
        ("figures", []),
    ):
        page(nobody, name, *args, status=403)


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "soon", "2026-1", "2100-12"])
def test_what_is_no_month_is_not_found(viewer: Client, month: str) -> None:
    page(viewer, "month", month, status=404)
    page(viewer, "month_csv", this_month(), "nothing", status=404)
    page(viewer, "month_file", this_month(), status=404)


def test_the_figures_that_steer(viewer: Client, bookings: dict[str, Booking], service: Service) -> None:
    named = timezone.now().date().replace(day=1)
    (visa,) = steering.ratios(named)
    assert (visa.network, visa.payments, visa.disputes, visa.share) == ("visa", 8, 2, 0.25)
    assert not visa.is_over
    # 45 and 45 went back whole, 10 of another 45; one came back.
    assert steering.fees_lost(named) == {"gbp": 160 + 160 + round(160 * 1000 / 4500)}
    told = page(viewer, "figures")
    assert ("25.00%" in told, "1.5% and 1,500 cases (Visa VAMP)" in told) == (True, True)
    assert "£3.56" in told


def test_appointments_lost(viewer: Client, shop: Service, customer: Customer) -> None:
    booking = customer.book_and_pay(shop, starts_in=timedelta(hours=6))
    customer.cancel(booking, expected_refund=0)
    missed = customer.book_and_pay(shop, starts_in=timedelta(hours=7))
    Booking.objects.filter(pk=missed.pk).update(status="no_show")
    named = booking.starts_at.date().replace(day=1)
    assert steering.appointments(named) == steering.Lost(all=2, no_shows=1, late=1)
    told = page(viewer, "figures")
    assert "50.0%" in told
    shown = {
        row: follow(viewer, told, f"/admin/{row}/") for row in ("bookings/booking", "refunds/refundrecord")
    }
    assert booking.reference in shown["refunds/refundrecord"]
    assert missed.reference not in shown["refunds/refundrecord"]
    assert missed.reference in shown["bookings/booking"]


def follow(client: Client, told: str, list_page: str) -> str:
    """The list that the first link of this month leads to."""
    link = re.search(rf'href="({list_page}\?[^"]*)"', told)
    assert link
    answer = client.get(unescape(link[1]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_fraud_warnings_count_for_the_network_of_their_payment(
    viewer: Client, bookings: dict[str, Booking]
) -> None:
    named = timezone.now().date().replace(day=1)
    for number, name in enumerate(("kept", "kept", "slow")):
        one = {"booking": bookings[name], "payment": bookings[name].payments.get(), "fraud_type": "misc"}
        EarlyFraudWarning.objects.create(**one, stripe_id=f"issfr_{number}", warned_at=timezone.now())
    (visa,) = steering.ratios(named)
    # Two warnings of one payment are one case.
    assert (visa.warnings, visa.disputes, visa.share) == (2, 2, 0.5)
    assert "50.00%" in page(viewer, "figures")

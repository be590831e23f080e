"""The admin's home: what needs a person, and figures that lead to the rows behind them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.agenda.entries import GONE
from backoffice.home import attention
from backoffice.home import page as home
from backoffice.home.takings import takings
from backoffice.tests.desk_world import person, signed_in
from bench.seed import seed
from bookings.models import Booking, Service
from config.tests.statements import counted
from config.tests.world import Customer, run_workers
from core.models import Mark
from payments.models import EventStatus, PaymentTransaction, WebhookEvent
from sandbox.client import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def viewer(db: None) -> Client:
    return signed_in(person("viewer"))


def page(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def test_a_quiet_day_says_so(viewer: Client) -> None:
    Mark.objects.create(name="worker", at=timezone.now())
    assert "Nothing needs a person." in page(viewer)


def test_a_worker_that_was_not_seen_for_a_minute_is_the_first_thing_said(viewer: Client) -> None:
    assert "The worker was never seen" in page(viewer)
    Mark.objects.create(name="worker", at=timezone.now() - timedelta(seconds=61))
    assert "The worker was last seen" in page(viewer)
    Mark.objects.update(at=timezone.now())
    assert "no refund goes out" not in page(viewer)


def test_every_concern_is_told_and_leads_to_just_its_rows(
    viewer: Client, customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    assert set(home.TOLD) == set(attention.concerns())
    customer.cancel(customer.book_and_pay(service))
    run_workers()
    record = customer.user.bookings.get().refunds.get()
    sandbox.fail_refund(record.stripe_refund_id or "")
    customer.postman.deliver()
    WebhookEvent.objects.filter(type="refund.failed").update(status=EventStatus.FAILED)
    shown = page(viewer)
    for label in ("Refunds returned by the bank", "Stripe events that failed"):
        link = re.search(rf'href="([^"]+)"[^>]*>\s*<span[^>]*>1</span>\s*<span[^>]*>{label}', shown)
        assert link is not None
        behind = viewer.get(link[1].replace("&amp;", "&"))
        assert behind.context["cl"].result_count == 1


def test_disputes_stand_by_deadline_and_their_numbers_lead_to_them(
    viewer: Client, customer: Customer, service: Service, sandbox: Sandbox
) -> None:
    sandbox.dispute(customer.pay(customer.book(service)))
    customer.postman.deliver()
    run_workers()
    shown = page(viewer)
    assert "Disputes by deadline" in shown
    links = re.findall(r'href="(/admin/refunds/dispute/[?][^"]+)"', shown)
    assert len(links) == 2  # one that waits for an answer, and this month's
    for link in links:
        assert viewer.get(link.replace("&amp;", "&")).context["cl"].result_count == 1


def test_the_figures_are_the_statement_s(customer: Customer, service: Service) -> None:
    kept, given_back = (
        customer.book_and_pay(service),
        customer.book_and_pay(
            Service.objects.create(name="Other", duration=timedelta(hours=1), price=2000, currency="gbp")
        ),
    )
    customer.cancel(given_back)
    run_workers()
    (gbp,) = takings(now=timezone.now(), zone=LONDON)
    assert (gbp.currency, gbp.today.taken, gbp.today.refunded) == ("gbp", 6500, 2000)
    assert gbp.month.refund_rate == pytest.approx(2000 / 6500)
    assert kept.amount == 4500


def test_a_day_ends_at_midnight_where_the_staff_are(customer: Customer, service: Service) -> None:
    customer.book_and_pay(service)
    line = PaymentTransaction.objects.get()
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 on the 2nd in London
    fields = ("booking", "payment", "kind", "amount", "currency")
    copy = {name: getattr(line, name) for name in fields}
    PaymentTransaction.objects.create(**copy, stripe_id="pi_night", occurred_at=late)
    (gbp,) = takings(now=datetime(2026, 7, 2, 12, tzinfo=UTC), zone=LONDON)
    assert gbp.today.taken == 4500
    (utc,) = takings(now=datetime(2026, 7, 2, 12, tzinfo=UTC), zone=ZoneInfo("UTC"))
    assert utc.today.taken == 0


def test_the_number_of_queries_does_not_grow(viewer: Client) -> None:
    def queries() -> int:
        return len(counted(lambda: page(viewer)))

    page(viewer)
    now = timezone.now()
    seed(30, now=now, tell=str)  # more than a business that is told how to begin
    (today,) = Booking.objects.exclude(status__in=GONE)[:1]
    Booking.objects.filter(pk=today.pk).update(starts_at=now, ends_at=now + timedelta(hours=1))
    few = queries()
    seed(200, now=timezone.now(), tell=str)
    assert queries() == few < 40


def test_without_a_role_there_are_no_figures(customer: Customer) -> None:
    customer.user.is_staff = True
    customer.user.save()
    shown = page(signed_in(customer.user))
    assert "You have no role yet" in shown
    assert "Taken today" not in shown

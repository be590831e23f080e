"""The pictures of docs/ and of the README: DOCS_PICTURES=1 makes them anew."""

import os
import uuid
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings

from accounts.models import User
from backoffice.tests.desk_browser import PHONE, Desk, url_of
from backoffice.tests.desk_world import action_url, person
from backoffice.tests.salon import LONDON, NAMES, Salon, customer, fill, open_salon
from bench.seed import seed
from bookings.audit import By
from bookings.models import Booking, BookingStatus, Business, Hours, PayAt, Resource, Service
from config.tests.world import Customer, run_workers
from payments.models import Payment
from refunds.models import Dispute, RefundRecord
from refunds.staff import actions as staff_actions
from sandbox.client import Sandbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.once,
    pytest.mark.skipif("DOCS_PICTURES" not in os.environ, reason="DOCS_PICTURES=1 renews docs/screenshots"),
]
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDE, TALL = (1280, 900), (1280, 1400)


@pytest.fixture
def disputed(stranger: Customer, service: Service, sandbox: Sandbox) -> Dispute:
    """A chargeback of an appointment that is still to come."""
    User.objects.filter(pk=stranger.user.pk).update(name="Niklaus Wirth")
    sandbox.dispute(stranger.pay(stranger.book(service, starts_in=timedelta(days=9))))
    stranger.postman.deliver()
    run_workers()
    return Dispute.objects.get()


def test_pictures_for_the_docs(
    desk: Desk,
    failed: RefundRecord,
    disputed: Dispute,
    stranger: Customer,
    massage: Service,
    settings: Settings,
) -> None:
    User.objects.filter(pk=failed.booking.customer_id).update(name="Margaret Hamilton")
    waiting = held(stranger.book_and_pay(massage).payments.get(), settings)
    salon = open_salon()
    a_day(salon)
    reception = person("reception")
    picture(desk.sit(reception, size=WIDE), f"/admin/agenda/?day={salon.day}", PICTURES / "agenda.png")
    phone = desk.sit(reception, size=PHONE, dark=True)
    picture(phone, f"/admin/agenda/?day={salon.day}", PICTURES / "agenda-phone-dark.png")
    seed(3000, now=timezone.now(), tell=str)
    User.objects.filter(name="").update(name="Edsger Dijkstra")
    owner = desk.sit(person("owner", "boss"), size=TALL)
    for name, address in {
        "home": "/admin/",
        "booking": url_of(failed.booking),
        "customer": f"/admin/accounts/customer/{failed.booking.customer_id}/change/",
        "refund": url_of(failed),
        "approval": action_url(waiting, "approve"),
        "dispute": url_of(disputed),
    }.items():
        picture(owner, address, PICTURES / f"{name}.png")
    picture(desk.sit(owner_again(), size=PHONE, dark=True), "/admin/", PICTURES / "home-phone-dark.png")


def owner_again() -> User:
    return User.objects.get(username="boss")


def held(payment: Payment, settings: Settings) -> RefundRecord:
    """More than one person may give alone."""
    settings.APPROVAL_THRESHOLD = 1000
    grace = person("refunds", "grace")
    User.objects.filter(pk=grace.pk).update(name="Grace Hopper")
    return staff_actions.goodwill(
        payment,
        amount=2000,
        by=By(f"staff:{grace.pk}", "admin"),
        now=timezone.now(),
        reason="We began half an hour late",
        key=uuid.uuid4(),
    )


def a_day(salon: Salon) -> None:
    """A full day in every state."""
    salon.day = timezone.now().astimezone(LONDON).date()
    chiara = Resource.objects.create(name="Chiara")
    for service in (salon.cut, salon.trim):
        service.resources.add(chiara)
    Hours.objects.create(resource=chiara, weekday=salon.day.weekday(), opens=time(9), closes=time(15))
    bookings = fill(salon)
    for booking, state in zip(bookings, ("completed", "completed", "no_show", "completed"), strict=False):
        Booking.objects.filter(pk=booking.pk).update(status=state)
    Booking.objects.filter(pk__in=[one.pk for one in bookings[4:7]]).update(arrived_at=timezone.now())
    for name, clock in (("Rosalind Franklin", "09:30"), ("Emmy Noether", "11:00"), ("Lise Meitner", "13:00")):
        salon.book(clock, who=customer(name), resource=chiara, note="First time here")
    salon.book("14:00", who=customer("Mary Somerville"), resource=chiara, pay_at=PayAt.APP)
    for name in NAMES[:5]:
        salon.book(
            "15:00",
            who=User.objects.get(name=name, username__contains="."),
            resource=salon.anna,
            service=salon.yoga,
        )
    assert Booking.objects.filter(status=BookingStatus.NO_SHOW).exists()
    assert Business.current().name


def picture(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelector('.agenda')?.scrollTo(0, 0)")
    page.screenshot(path=file)

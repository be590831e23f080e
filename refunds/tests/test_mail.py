"""Mail: sent after the commit, once each, told in the trail; a broken server only delays it."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail.message import sanitize_address
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from bookings.audit import By, story_of
from bookings.messages import alert_staff, enqueue
from bookings.models import Booking, Message, Service
from config.tests.world import Customer, Postman, run_workers
from core.work import lease
from refunds.mail import delivery, staff_words

pytestmark = pytest.mark.once

BY = By("system", "worker")
BROKEN = "refunds.tests.test_mail.BrokenServer"


class BrokenServer:
    """A mail server that isn't there."""

    def __init__(self, **_: object) -> None: ...

    def send_messages(self, _: object) -> int:
        raise ConnectionRefusedError


@pytest.fixture
def manager(db: None) -> User:
    return User.objects.create_superuser("boss", "boss@example.com")


def subjects() -> list[str]:
    return [str(sent.subject) for sent in mail.outbox]


def test_a_customer_hears_of_confirmation_cancellation_and_refund_once_each(
    customer: Customer, paid: Booking, postman: Postman
) -> None:
    customer.cancel(paid)
    run_workers()
    postman.deliver()
    run_workers()
    kinds = ("Confirmed: Deep clean", "Cancelled: Deep clean", "£45.00 is on its way back")
    assert [any(subject.startswith(kind) for subject in subjects()) for kind in kinds] == [True] * 3
    assert len(mail.outbox) == 3
    assert paid.audit_entries.filter(action="mail.sent").count() == 3


def test_the_refund_mail_names_the_card_and_says_when_it_arrives(customer: Customer, paid: Booking) -> None:
    customer.cancel(paid)
    run_workers()
    text = str(next(sent for sent in mail.outbox if "on its way back" in sent.subject).body)
    assert "Visa card ending in 4242" in text
    assert "5 to 10 business days" in text


def test_a_late_cancellation_says_why_nothing_goes_back(customer: Customer, service: Service) -> None:
    booking = customer.book_and_pay(service, starts_in=timedelta(hours=5))
    customer.cancel(booking)
    run_workers()
    assert "less than 12 hours before the start" in str(mail.outbox[-1].body)


def test_text_and_html_say_the_same(customer: Customer, paid: Booking) -> None:
    run_workers()
    sent = mail.outbox[0]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    assert paid.reference in sent.body
    assert paid.reference in str(sent.alternatives[0][0])


def test_a_name_is_text_in_html(customer: Customer, paid: Booking) -> None:
    User.objects.filter(pk=customer.user.pk).update(name="<b>Ada</b>")
    run_workers()
    sent = mail.outbox[0]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    assert "&lt;b&gt;Ada" in str(sent.alternatives[0][0])
    assert "<b>Ada</b>" in sent.body


def test_a_broken_server_delays_mail_and_nothing_else(
    customer: Customer, paid: Booking, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = BROKEN
    customer.cancel(paid)
    run_workers()
    assert customer.refund_status(paid)["status"] == "succeeded"
    waiting = Message.objects.get(kind="booking_confirmed")
    assert (waiting.sent_at, waiting.attempts, waiting.last_error) == (None, 1, "ConnectionRefusedError")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery.send_due(lambda: timezone.now() + timedelta(hours=2))
    assert len(mail.outbox) == 3


def test_a_customer_without_an_address_gets_none_and_holds_nobody_up(
    customer: Customer, paid: Booking
) -> None:
    User.objects.filter(pk=customer.user.pk).update(email="")
    run_workers()
    message = Message.objects.get(kind="booking_confirmed")
    assert (message.sent_at, message.next_attempt_at, message.last_error) == (None, None, "no address")
    assert mail.outbox == []


def test_a_worker_whose_lease_passed_on_marks_nothing_as_sent(paid: Booking) -> None:
    message = Message.objects.get(kind="booking_confirmed")
    delivery._sent(message, timezone.now())
    Message.objects.filter(pk=message.pk).update(sent_at=None, lease_token=None)
    message.lease_token = uuid.uuid4()
    delivery._sent(message, timezone.now())
    message.refresh_from_db()
    assert message.sent_at is None


def alert(booking: Booking, about: str) -> None:
    with story_of(Booking.objects.filter(pk=booking.pk), by=BY, now=timezone.now()) as story:
        alert_staff(story, "refund_failed", about=about, amount=4500, currency="gbp")


def test_staff_get_one_digest_an_hour_for_each_kind(paid: Booking, manager: User) -> None:
    Message.objects.filter(to="customer").delete()
    alert(paid, "re_1")
    now = timezone.now()
    delivery.send_due(lambda: now)
    alert(paid, "re_2")
    alert(paid, "re_3")
    delivery.send_due(lambda: now + timedelta(minutes=59))
    assert len(mail.outbox) == 1
    delivery.send_due(lambda: now + timedelta(minutes=61))
    assert len(mail.outbox) == 2
    assert str(mail.outbox[1].body).count(paid.reference) == 2


def test_a_digest_that_failed_is_tried_again_before_the_hour_is_over(
    paid: Booking, manager: User, settings: Settings
) -> None:
    Message.objects.filter(to="customer").delete()
    alert(paid, "re_1")
    now = timezone.now()
    settings.EMAIL_BACKEND = BROKEN
    delivery.send_due(lambda: now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery.send_due(lambda: now + timedelta(minutes=1))
    assert len(mail.outbox) == 1


def test_the_same_news_is_queued_once(paid: Booking) -> None:
    for _ in range(2):
        with story_of(Booking.objects.filter(pk=paid.pk), by=BY, now=timezone.now()) as story:
            enqueue(story, "refund_delayed", about="x", amount=1, currency="gbp")
    assert Message.objects.filter(kind="refund_delayed").count() == 1


def test_every_kind_that_the_code_sends_has_its_words() -> None:
    root = Path(django_settings.BASE_DIR)
    sources = [
        path.read_text()
        for app in ("bookings", "payments", "refunds", "accounts")
        for path in (root / app).rglob("*.py")
        if "tests" not in path.parts
    ]
    to_customer = {kind for text in sources for kind in re.findall(r'enqueue\(\s*story,\s*"(\w+)"', text)}
    to_staff = {
        kind for text in sources for kind in re.findall(r'alert_staff\w*\(\s*(?:story,\s*)?"(\w+)"', text)
    }
    assert len(to_customer) >= 6
    assert {
        kind for kind in to_customer if not (root / f"templates/mail/customer/{kind}.txt").exists()
    } == set()
    assert to_staff - staff_words.TITLES.keys() == set()
    assert staff_words.TITLES.keys() == staff_words.SENTENCES.keys()


class PickyServer:
    """Refuses as Django's SMTP backend does what is no address."""

    def __init__(self, **_: object) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        for message in messages:
            for address in message.recipients():
                sanitize_address(address, "utf-8")
        mail.outbox += messages
        return len(messages)


def test_an_address_that_is_none_keeps_no_other_mail_waiting(
    customer: Customer, stranger: Customer, paid: Booking, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "refunds.tests.test_mail.PickyServer"
    massage = Service.objects.create(name="Massage", duration=timedelta(hours=1), price=6000, currency="gbp")
    stranger.book_and_pay(massage)
    User.objects.filter(pk=customer.user.pk).update(email="ada@example.com, a.l@example.com")
    delivery.send_to_customers(timezone.now)
    assert [sent.to for sent in mail.outbox] == [[stranger.user.email]]
    failed = Message.objects.get(kind="booking_confirmed", sent_at=None)
    assert (failed.attempts, failed.last_error) == (1, "ValueError")


class SlowServer:
    """So slow that another worker takes over what waits."""

    meanwhile: ClassVar[list[Callable[[], object]]] = []

    def __init__(self, **_: object) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        mail.outbox += messages
        if self.meanwhile:
            self.meanwhile.pop()()
        return len(messages)


def test_a_mail_that_another_worker_took_over_goes_out_once(
    stranger: Customer, paid: Booking, service: Service, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "refunds.tests.test_mail.SlowServer"
    stranger.book_and_pay(service, starts_in=timedelta(hours=72))
    ahead = timedelta()

    def another_worker() -> None:
        nonlocal ahead
        ahead = lease.LEASE + timedelta(seconds=1)
        delivery.send_to_customers(lambda: timezone.now() + ahead)

    SlowServer.meanwhile.append(another_worker)
    delivery.send_to_customers(lambda: timezone.now() + ahead)
    sent_to_second = [sent for sent in mail.outbox if sent.to == [stranger.user.email]]
    assert len(sent_to_second) == 1

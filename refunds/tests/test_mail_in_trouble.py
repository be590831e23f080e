"""One mail in trouble keeps no other from going out; what is refused for good ends; word to staff waits."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from accounts.models import User
from backoffice.home import attention
from bookings import messages
from bookings.models import Booking, Message, Service
from config.tests.world import Customer
from refunds.mail import delivery, letters

pytestmark = pytest.mark.django_db(transaction=True)


class Refusing:
    """A mail server that says no."""

    error: ClassVar[Exception]

    def __init__(self, **_: object) -> None: ...

    def send_messages(self, _: list[mail.EmailMessage]) -> int:
        raise self.error


def send(*, hours: int = 0) -> None:
    delivery.send_due(lambda: timezone.now() + timedelta(hours=hours))


def test_a_mail_that_cannot_be_written_keeps_no_other_from_going_out(
    paid: Booking, stranger: Customer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.book_and_pay(service, starts_in=timedelta(hours=72))
    write: Callable[..., Any] = letters.to_customer

    def stumble(message: Message, **more: Any) -> Any:
        if message.booking_id == paid.pk:
            raise KeyError(stranger.user.email)
        return write(message, **more)

    monkeypatch.setattr(letters, "to_customer", stumble)
    with capture_logs() as logs:
        send()
    assert [sent.to for sent in mail.outbox] == [[stranger.user.email]]
    assert {line["event"] for line in logs} == {"mail.not_written"}
    waits = Message.objects.get(booking=paid, kind="booking_confirmed")
    assert (waits.attempts, waits.last_error, waits.sent_at) == (1, "KeyError", None)
    monkeypatch.undo()
    send(hours=1)
    waits.refresh_from_db()
    assert waits.sent_at is not None


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"a": (550, b"no such user")}),
        SMTPDataError(554, b"no"),
    ],
)
def test_a_mail_refused_for_good_ends(error: Exception, paid: Booking, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "refunds.tests.test_mail_in_trouble.Refusing"
    Refusing.error = error
    with capture_logs():
        send()
    message = Message.objects.get(kind="booking_confirmed")
    assert (message.next_attempt_at, message.last_error) == (None, f"refused: {type(error).__name__}")


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"a": (450, b"busy")}),
        SMTPAuthenticationError(535, b"wrong password"),
        TimeoutError(),
        RuntimeError(),
    ],
)
def test_a_mail_that_may_still_be_taken_is_tried_again(
    error: Exception, paid: Booking, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "refunds.tests.test_mail_in_trouble.Refusing"
    Refusing.error = error
    with capture_logs():
        send()
    message = Message.objects.get(kind="booking_confirmed")
    assert message.next_attempt_at is not None
    assert message.last_error == type(error).__name__


def test_word_to_staff_that_nobody_can_be_mailed_waits_and_is_seen() -> None:
    messages.alert_staff_daily("stripe_refuses_our_key", now=timezone.now(), code="api_key_expired")
    send()
    later = timezone.now() + timedelta(hours=4)
    assert attention.concerns(later)["alert_unsent"].count() == 1
    User.objects.create_superuser("owner", "owner@example.com")
    send(hours=2)
    assert [sent.to for sent in mail.outbox] == [["owner@example.com"]]
    assert not attention.concerns(later)["alert_unsent"].exists()

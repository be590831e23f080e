"""Mail goes out after the commit that caused it, once each; a broken mail server delays only mail."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from bookings import reminders
from bookings.audit import By, story_of
from bookings.calendar import reminder_times
from bookings.models import Booking, Message
from core.storage import rows
from core.work import lease, turns
from core.work.lease import backoff
from payments import cards
from refunds.mail import letters

log = structlog.get_logger()
WORKER = By("system", "worker")
Clock = Callable[[], datetime]

BATCH = 20
FOR_GOOD = 500
NOBODY = "nobody on the staff has an address"
# Longer than a mail server may take for one mail: each of its answers has EMAIL_TIMEOUT.
SENDING = timedelta(minutes=2)
DIGEST_EVERY = timedelta(hours=1)


def send_due(clock: Clock) -> int:
    """Send what is due to customers, and to staff one digest an hour per kind; returns how many went out."""
    return send_to_people(clock) + send_to_customers(clock) + send_digests(clock)


def send_to_people(clock: Clock) -> int:
    """Mails about somebody's account: codes that they wait for, so these go first."""
    messages = lease.claim(_waiting().filter(to=Message.To.PERSON).order_by("id"), now=clock(), limit=BATCH)
    for message in messages:
        _send([message], partial(letters.to_person, message), clock)
    return len(messages)


def send_to_customers(clock: Clock) -> int:
    due = _waiting().filter(to=Message.To.CUSTOMER).select_related("booking__customer", "booking__service")
    messages = lease.claim(due.order_by("id"), now=clock(), limit=BATCH)
    for message in messages:
        _send([message], partial(_to_customer, message, clock), clock)
    return len(messages)


def _to_customer(message: Message, clock: Clock) -> EmailMessage | None:
    if message.kind == "refund_sent" and message.booking:
        cards.learn(message.booking, clock)
    if not _is_its_time(message, clock()):
        raise NotNow
    return letters.to_customer(message, now=clock())


class NotNow(Exception):
    """It was put off or dropped."""


def _is_its_time(message: Message, now: datetime) -> bool:
    """A reminder that isn't wanted any more is dropped, one that was held up into the night waits."""
    booking = message.booking
    if message.kind not in reminder_times.KINDS or booking is None:
        return True
    if not reminders.is_wanted(message, booking, now=now):
        _give_up(message, "")
        return False
    if morning := reminders.put_off(now=now):
        held = {"pk": message.pk, "lease_token": message.lease_token}
        rows.change(Message, held, {"next_attempt_at": morning} | FREED)
        return False
    return True


def send_digests(clock: Clock) -> int:
    staff = _waiting().filter(to=Message.To.STAFF).select_related("booking")
    due = staff.filter(lease.free(clock()))
    sent = 0
    for kind in due.order_by("kind").values_list("kind", flat=True).distinct():
        if turn := turns.take(f"digest {kind}", DIGEST_EVERY, clock()):
            messages = lease.claim(staff.filter(kind=kind).order_by("id"), now=clock(), limit=500)
            with turns.in_hand(turn):
                went_well = not messages or _send(messages, partial(letters.to_staff, messages, kind), clock)
            if went_well:
                turn.end()
            else:
                turn.give_back(clock())
            sent += len(messages)
    return sent


def _waiting() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, next_attempt_at__isnull=False)


def _send(messages: Sequence[Message], write: Callable[[], EmailMessage | None], clock: Clock) -> bool:
    """Write a mail and send it; whatever is wrong with one keeps no other from going out."""
    try:
        mail = write()
    except NotNow:
        return False
    except Exception as error:
        log.exception("mail.not_written", kind=messages[0].kind)
        _all_later(messages, type(error).__name__, clock())
        return False
    if mail is None:
        return _nobody(messages, clock())
    # The mails before it may have taken so long that another worker has it.
    if not all(lease.renew(message, now=clock(), span=SENDING) for message in messages):
        return False
    return _deliver(messages, mail, clock)


def _nobody(messages: Sequence[Message], now: datetime) -> bool:
    """A customer without an address gets no mail; word to staff waits until somebody has one, and is seen."""
    if messages[0].to == Message.To.STAFF:
        _all_later(messages, NOBODY, now)
        return False
    for message in messages:
        _give_up(message, "no address")
    return True


def _deliver(messages: Sequence[Message], mail: EmailMessage, clock: Clock) -> bool:
    try:
        mail.send()
    except Exception as error:  # OSError, SMTPException, ValueError for an address that Django can't write to
        log.warning("mail.failed", kind=messages[0].kind, error=type(error).__name__)
        if is_final(error):
            for message in messages:
                _give_up(message, f"refused: {type(error).__name__}")
            return True
        _all_later(messages, type(error).__name__, clock())
        return False
    for message in messages:
        _sent(message, clock())
    return True


def is_final(error: Exception) -> bool:
    """Whether the server refused this mail for good (5xx); a refused name and password is our mistake."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in error.recipients.values())
    if isinstance(error, SMTPAuthenticationError) or not isinstance(error, SMTPResponseException):
        return False
    return isinstance(error.smtp_code, int) and error.smtp_code >= FOR_GOOD


def _all_later(messages: Sequence[Message], error: str, now: datetime) -> None:
    for message in messages:
        _try_later(message, error, now)


def _sent(message: Message, now: datetime) -> None:
    held = {"pk": message.pk, "lease_token": message.lease_token}
    if message.booking_id is None:
        rows.change(Message, held, {"sent_at": now, "sealed": ""})
        return
    with story_of(Booking.objects.filter(pk=message.booking_id), by=WORKER, now=now) as story:
        if rows.change(Message, held, {"sent_at": now}):
            story.record("mail.sent", kind=message.kind, to=message.to, id=message.pk)


def _try_later(message: Message, error: str, now: datetime) -> None:
    attempts = message.attempts + 1
    later = {"attempts": attempts, "last_error": error, "next_attempt_at": now + backoff(attempts)}
    rows.change(Message, {"pk": message.pk, "lease_token": message.lease_token}, later | FREED)


def _give_up(message: Message, error: str) -> None:
    gone = {"last_error": error, "next_attempt_at": None, "sealed": ""}
    rows.change(Message, {"pk": message.pk, "lease_token": message.lease_token}, gone | FREED)


FREED = {"lease_token": None, "lease_until": None}

"""Mail goes out after the commit that caused it, once each; a broken mail server delays only mail."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from bookings import reminders
from bookings.audit import By, story_of
from bookings.calendar import reminder_times
from bookings.models import Booking, Message
from core import lease, rows, turns
from core.lease import backoff
from payments import cards
from refunds.mail import letters

log = structlog.get_logger()
WORKER = By("system", "worker")
Clock = Callable[[], datetime]

BATCH = 20
DIGEST_EVERY = timedelta(hours=1)


def send_due(clock: Clock) -> int:
    """Send what is due to customers, and to staff one digest an hour per kind; returns how many went out."""
    return send_to_people(clock) + send_to_customers(clock) + send_digests(clock)


def send_to_people(clock: Clock) -> int:
    """Mails about somebody's account: codes that they wait for, so these go first."""
    messages = lease.claim(_waiting().filter(to=Message.To.PERSON).order_by("id"), now=clock(), limit=BATCH)
    for message in messages:
        _deliver([message], letters.to_person(message), clock)
    return len(messages)


def send_to_customers(clock: Clock) -> int:
    due = _waiting().filter(to=Message.To.CUSTOMER).select_related("booking__customer", "booking__service")
    messages = lease.claim(due.order_by("id"), now=clock(), limit=BATCH)
    for message in messages:
        if message.kind == "refund_sent" and message.booking:
            cards.learn(message.booking, clock)
        if _is_its_time(message, clock()):
            _deliver([message], letters.to_customer(message, now=clock()), clock)
    return len(messages)


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
        if turns.take_turn(f"digest {kind}", DIGEST_EVERY, clock()):
            messages = lease.claim(staff.filter(kind=kind).order_by("id"), now=clock(), limit=500)
            if messages and not _deliver(messages, letters.to_staff(messages, kind), clock):
                turns.give_turn_back(f"digest {kind}", clock())
            sent += len(messages)
    return sent


def _waiting() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, next_attempt_at__isnull=False)


def _deliver(messages: Sequence[Message], mail: EmailMessage | None, clock: Clock) -> bool:
    if mail is None:
        for message in messages:
            _give_up(message, "no address")
        return True
    if any(lease.has_lapsed(message.lease_until, clock()) for message in messages):
        return False  # the mails before it took so long that another worker may send it
    try:
        mail.send()
    except (OSError, SMTPException, ValueError) as error:  # ValueError: Django can't write to that address
        log.warning("mail.failed", kind=messages[0].kind, error=type(error).__name__)
        for message in messages:
            _try_later(message, type(error).__name__, clock())
        return False
    for message in messages:
        _sent(message, clock())
    return True


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

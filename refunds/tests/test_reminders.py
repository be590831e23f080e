"""Reminders of many appointments, moved and cancelled over both clock changes, against an oracle."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import User
from bookings import messages, reminders
from bookings.audit import By, Story, story_of, story_of_new
from bookings.calendar import reminder_times
from bookings.models import Booking, BookingStatus, Business, Message, NoReminders, Service
from refunds.mail import delivery

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BY = By("system", "worker")
NOTICE = timedelta(hours=12)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def salon() -> Business:
    business = Business(name="Salon", time_zone="Europe/London")
    business.save()
    return business


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", email="ada@example.com")


def book(customer: User, service: Service, starts_at: datetime, *, now: datetime) -> Booking:
    """A confirmed booking, as the payment leaves it."""
    booking = Booking(
        customer_id=customer.pk,
        service=service,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        amount=4500,
        currency="gbp",
        refund_notice=NOTICE,
        created_at=now,
    )
    with story_of_new(booking, by=BY, now=now) as story:
        stand(story)
    return booking


def stand(story: Story, **fields: object) -> None:
    if story.booking.status != BookingStatus.CONFIRMED:
        story.move(story.booking, BookingStatus.CONFIRMED)
    story.change(**fields)
    about = str(story.now.timestamp())
    messages.enqueue(story, "booking_moved", about=about, later=reminders.of(story))


def move(booking: Booking, starts_at: datetime, *, now: datetime) -> None:
    with story_of(Booking.objects.filter(pk=booking.pk), by=BY, now=now) as story:
        length = timedelta(hours=1)
        stand(story, starts_at=starts_at, ends_at=starts_at + length, refundable_until=starts_at - NOTICE)


def cancel(booking: Booking, *, now: datetime) -> None:
    with story_of(Booking.objects.filter(pk=booking.pk), by=BY, now=now) as story:
        story.move(story.booking, BookingStatus.CANCELLED, cancelled_at=now)


def sent() -> list[tuple[int, str]]:
    done = Message.objects.filter(kind__in=reminder_times.KINDS, sent_at__isnull=False)
    return sorted((message.booking_id or 0, message.kind) for message in done)


def work_through(first: datetime, last: datetime, *, step: timedelta) -> Iterator[datetime]:
    moment = first
    while moment <= last:
        yield moment
        while delivery.send_to_customers(lambda: moment):  # noqa: B023 - called at once
            pass
        moment += step


Act = tuple[datetime, str, int, datetime]


def life(dice: random.Random, number: int, around: datetime) -> Iterator[Act]:
    """One appointment is made, perhaps moved, perhaps back again, perhaps cancelled."""
    made = around - timedelta(days=4) + dice.randrange(24 * 60) * MINUTE
    start = around + dice.randrange(-48 * 60, 48 * 60, 5) * MINUTE
    yield made, "book", number, start
    if dice.random() < 0.4:
        other = around + dice.randrange(-48 * 60, 72 * 60, 5) * MINUTE
        yield made + dice.randrange(1, 30 * 60) * MINUTE, "move", number, other
        if dice.random() < 0.3:
            yield made + dice.randrange(30 * 60, 36 * 60) * MINUTE, "move", number, start
    if dice.random() < 0.3:
        yield made + dice.randrange(1, 60 * 60) * MINUTE, "cancel", number, start


def play(act: Act, bookings: dict[int, Booking], customer: User, service: Service) -> None:
    at, what, number, start = act
    if what == "book":
        bookings[number] = book(customer, service, start, now=at)
    elif can(bookings[number], at):
        (move(bookings[number], start, now=at) if what == "move" else cancel(bookings[number], now=at))


@pytest.mark.parametrize(
    "around", [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
)
def test_250_appointments_are_reminded_as_an_oracle_says(
    salon: Business, ada: User, service: Service, around: datetime
) -> None:
    dice = random.Random(around.year)
    acts = sorted(act for number in range(250) for act in life(dice, number, around))
    expected = oracle(acts, salon)
    bookings: dict[int, Booking] = {}
    first, last = around - timedelta(days=4), around + timedelta(days=4)
    for now in work_through(first, last, step=timedelta(minutes=30)):
        while acts and acts[0][0] <= now:
            play(acts.pop(0), bookings, ada, service)
        Message.objects.filter(kind="booking_moved").delete()  # not what this is about, and slow to write
    assert len(expected) > 100
    assert sent() == sorted((bookings[number].pk, kind) for number, kind in expected)
    assert all(8 <= m.sent_at.astimezone(salon.zone).hour < 21 for m in reminders_sent() if m.sent_at)


def reminders_sent() -> list[Message]:
    return list(Message.objects.filter(kind__in=reminder_times.KINDS, sent_at__isnull=False))


def can(booking: Booking, now: datetime) -> bool:
    booking.refresh_from_db()
    return booking.status == BookingStatus.CONFIRMED and booking.starts_at > now


def oracle(acts: list[Act], salon: Business) -> list[tuple[int, str]]:
    """Walk one appointment at a time: one goes out if the appointment then still is as it was planned."""
    told = []
    for number in {act[2] for act in acts}:
        seen = {
            (reminder.kind, begins)
            for since, until, begins in spans([act for act in acts if act[2] == number])
            for reminder in planned(begins, since, salon)
            if next_look(reminder.at) < min(until, useful_until(reminder.kind, begins))
        }
        told += [(number, kind) for kind, _ in seen]
    return told


def spans(acts: list[Act]) -> list[tuple[datetime, datetime, datetime]]:
    """From when until when an appointment stood, and for which start."""
    found: list[tuple[datetime, datetime, datetime]] = []
    for place, (at, what, _, start) in enumerate(acts):
        if what == "cancel" or (found and found[-1][2] <= at):
            break
        ends = acts[place + 1][0] if place + 1 < len(acts) else datetime.max.replace(tzinfo=UTC)
        found.append((at, ends, start))
    return found


def planned(begins: datetime, since: datetime, salon: Business) -> list[reminder_times.Reminder]:
    return reminder_times.plan(
        starts_at=begins,
        refundable_until=begins - NOTICE,
        wishes=reminders.wishes_of(salon),
        zone=ZoneInfo("Europe/London"),
        now=since,
    )


def useful_until(kind: str, begins: datetime) -> datetime:
    return begins - NOTICE if kind == reminder_times.FREE_ENDS else begins


def next_look(at: datetime) -> datetime:
    """Workers of this test look every half hour."""
    late = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at if not late else at - late + timedelta(minutes=30)


def at_noon(days: int) -> datetime:
    return datetime(2026, 12, 1, 12, tzinfo=UTC) + timedelta(days=days)


def test_who_declined_and_services_without_get_none(salon: Business, ada: User, service: Service) -> None:
    booking = book(ada, service, at_noon(3), now=at_noon(0))
    reminders.decline(ada.pk, now=at_noon(0))
    reminders.decline(ada.pk, now=at_noon(0))
    list(work_through(at_noon(0), at_noon(3), step=timedelta(hours=1)))
    assert (sent(), NoReminders.objects.count()) == ([], 1)
    reminders.accept(ada.pk)
    service.sends_reminders = False
    service.save()
    book(ada, service, at_noon(6), now=at_noon(3))
    list(work_through(at_noon(3), at_noon(6), step=timedelta(hours=1)))
    assert sent() == []
    assert booking.messages.filter(next_attempt_at__isnull=False, sent_at=None).count() == 0


def test_one_that_was_held_up_into_the_night_waits_for_the_morning_or_is_dropped(
    salon: Business, ada: User, service: Service
) -> None:
    book(ada, service, at_noon(1) - timedelta(hours=1), now=at_noon(-1))
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    delivery.send_to_customers(lambda: late)
    assert sent() == []
    delivery.send_to_customers(lambda: datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert [kind for _, kind in sent()] == ["reminder_day", "reminder_hours"]


def test_a_reminder_can_be_declined_from_the_mail(salon: Business, ada: User, service: Service) -> None:
    book(ada, service, at_noon(1), now=at_noon(-1))
    list(work_through(at_noon(-1), at_noon(1), step=timedelta(hours=1)))
    reminder = next(m for m in mail.outbox if str(m.subject).startswith("Reminder"))
    headers = reminder.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/reminders/?k=" in headers["List-Unsubscribe"]
    assert "/reminders/?k=" in str(reminder.body)
    moved = next(m for m in mail.outbox if str(m.subject).startswith("Moved"))
    assert "List-Unsubscribe" not in moved.extra_headers

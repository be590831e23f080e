"""Reminders: mails with a time to come, written down when the appointment stands and looked at again then."""

from datetime import datetime

from bookings.audit import Story
from bookings.calendar import reminder_times
from bookings.calendar.reminder_times import FREE_ENDS, Wishes
from bookings.messages import Later
from bookings.models import Booking, BookingStatus, Business, Message, NoReminders


def of(story: Story) -> list[Later]:
    """The reminders of an appointment as it is now. Each once for each time, however often it moves."""
    business, booking = Business.current(), story.booking
    planned = reminder_times.plan(
        starts_at=booking.starts_at,
        refundable_until=booking.refundable_until,
        wishes=wishes_of(business),
        zone=business.zone,
        now=story.now,
    )
    return [Later(reminder.kind, _times(booking), reminder.at) for reminder in planned]


def wishes_of(business: Business) -> Wishes:
    return Wishes(
        day_before=business.remind_day_before,
        hours_before=business.remind_hours_before,
        hours_before_free_ends=business.remind_hours_before_free_ends,
    )


def is_wanted(message: Message, booking: Booking, *, now: datetime) -> bool:
    """Whether it still says what is true and does somebody a service: asked just before it is sent."""
    ends = booking.refundable_until if message.kind == FREE_ENDS else booking.starts_at
    return (
        booking.status == BookingStatus.CONFIRMED
        and message.key.endswith(f":{_times(booking)}")
        and now < ends
        and booking.service.sends_reminders
        and not NoReminders.objects.filter(customer=booking.customer_id).exists()
    )


def put_off(*, now: datetime) -> datetime | None:
    """When morning comes, if it is night and a late reminder would wake somebody; None by day."""
    return reminder_times.next_morning(now, Business.current().zone)


def decline(customer_id: int, *, now: datetime) -> None:
    """This customer wants no reminders; again changes nothing."""
    NoReminders.objects.get_or_create(customer_id=customer_id, defaults={"since": now})


def accept(customer_id: int) -> None:
    """This customer wants reminders again."""
    NoReminders.objects.filter(customer_id=customer_id).delete()


def _times(booking: Booking) -> str:
    """What a reminder is about: another start or another end of free cancellation needs another one."""
    return f"{booking.starts_at:%Y%m%dT%H%M%S}.{booking.refundable_until:%Y%m%dT%H%M%S}"

"""An appointment as a calendar file (iCalendar, RFC 5545): one event, whose changes follow each other."""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress

from bookings import links
from bookings.models import Booking, BookingStatus, Business

CANCELLED = "CANCELLED"
STATUSES: dict[str, str] = {
    BookingStatus.PENDING_PAYMENT: "TENTATIVE",
    BookingStatus.CONFIRMED: "CONFIRMED",
    BookingStatus.COMPLETED: "CONFIRMED",
    BookingStatus.NO_SHOW: "CONFIRMED",
}
PRODUCT = "-//Bookings//Appointments//EN"


@dataclass(frozen=True)
class Appointment:
    """What the file says. `uid` is the same for ever, `sequence` grows with each change."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    written_at: datetime
    title: str
    place: str
    notes: str
    link: str
    organizer: str
    organizer_email: str
    status: str


def of(booking: Booking, business: Business, *, now: datetime) -> bytes:
    """The calendar file of a booking as it is now."""
    return write(appointment(booking, business, now=now))


def appointment(booking: Booking, business: Business, *, now: datetime) -> Appointment:
    """What the calendar file of a booking says."""
    status = STATUSES.get(booking.status, CANCELLED)
    return Appointment(
        uid=f"{booking.reference}.{booking.created_at:%Y%m%d%H%M%S}@bookings",
        sequence=booking.moves + (status == CANCELLED),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        written_at=now,
        title=" · ".join(filter(None, (booking.service_name, business.name))),
        place=", ".join(line.strip() for line in business.address.splitlines() if line.strip()),
        notes=booking.reference,
        link=links.page(booking),
        organizer=business.name,
        organizer_email=business.email,
        status=status,
    )


def write(appointment: Appointment) -> bytes:
    """The file. Times are in UTC: a calendar shows them in its owner's zone, whatever our clocks do."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method(appointment.status))
    calendar.add_component(_event(appointment))
    return bytes(calendar.to_ical())


def content_type(booking: Booking) -> str:
    """Mail programs and browsers read from it what to do with the file."""
    return f"text/calendar; charset=utf-8; method={method(STATUSES.get(booking.status, CANCELLED))}"


def method(status: str) -> str:
    """What a calendar should do with it: CANCEL takes out what PUBLISH put in."""
    return "CANCEL" if status == CANCELLED else "PUBLISH"


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.written_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", appointment.title)
    event.add("status", appointment.status)
    for name, value in (
        ("location", appointment.place),
        ("description", appointment.notes),
        ("url", appointment.link),
    ):
        if value:
            event.add(name, value)
    if appointment.organizer_email:
        organizer = vCalAddress(f"mailto:{appointment.organizer_email}")
        organizer.params["cn"] = appointment.organizer
        event["organizer"] = organizer
    return event

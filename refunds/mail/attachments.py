"""What is attached to a customer's mail: the calendar file, and the receipt once money moved."""

from datetime import datetime
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.text import MIMEText

from bookings.calendar import calendar_file
from bookings.models import Booking, Business
from payments.books import receipts

WITH_CALENDAR_FILE = ("booking_confirmed", "booking_moved", "booking_cancelled")
WITH_RECEIPT = ("booking_confirmed", "refund_sent")


def of(kind: str, booking: Booking, business: Business, *, now: datetime) -> list[MIMEBase]:
    """The attachments of a mail of this kind."""
    parts: list[MIMEBase] = []
    if kind in WITH_CALENDAR_FILE:
        parts.append(_calendar_file(booking, business, now))
    if kind in WITH_RECEIPT and (pdf := receipts.pdf(booking, business.zone)):
        receipt = MIMEApplication(pdf, "pdf")
        receipt.add_header("Content-Disposition", "attachment", filename=f"{booking.reference}.pdf")
        parts.append(receipt)
    return parts


def _calendar_file(booking: Booking, business: Business, now: datetime) -> MIMEBase:
    appointment = calendar_file.appointment(booking, business, now=now)
    part = MIMEText(calendar_file.write(appointment).decode(), "calendar", "utf-8")
    part.set_param("method", calendar_file.method(appointment.status))
    part.add_header("Content-Disposition", "attachment", filename="appointment.ics")
    return part

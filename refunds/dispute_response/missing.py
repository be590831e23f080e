"""What a dispute about an appointment to come would lack today, while it can still be mended."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.models import Booking, BookingStatus, Business
from payments.models import Payment, PurchaseTrace
from refunds.account import kept_payment

TO_COME = (BookingStatus.CONFIRMED,)


def of_booking(booking: Booking, now: datetime) -> list[str]:
    """One sentence for each thing that is missing and how to mend it; none for what is over or unpaid."""
    payment = kept_payment(booking)
    if booking.status not in TO_COME or booking.starts_at <= now or payment is None:
        return []
    return [*_customer(booking), *_terms(booking), *_business(booking), *_payment(payment)]


def _customer(booking: Booking) -> Iterator[str]:
    customer = booking.customer
    if not customer.get_full_name():
        yield _("The customer's name. Ask them for it: the bank compares it with the card's.")
    if not customer.email:
        yield _("An e-mail address: without it no confirmation shows that they knew of the appointment.")
    elif not booking.messages.filter(to="customer", sent_at__isnull=False).exists():
        yield _("A mail that has reached the customer. See whether the confirmation went out.")


def _terms(booking: Booking) -> Iterator[str]:
    booked = booking.audit_entries.first()
    if booked is None or not booked.actor.startswith("customer:"):
        yield _(
            "That the customer agreed to the terms, as they did not book this themselves. Have them "
            "confirm by a message, and keep it."
        )


def _business(booking: Booking) -> Iterator[str]:
    business = Business.current()
    if not business.name or not business.address:
        yield _(
            "The name and address of the business, which are the same for all bookings: set them up once."
        )
    if not booking.service.description:
        yield _("A description of “%(name)s”: what the customer gets for the money.") % {
            "name": booking.service_name
        }


def _payment(payment: Payment) -> Iterator[str]:
    trace = PurchaseTrace.objects.filter(payment=payment).first()
    if trace is None or not (trace.ip or trace.install_id):
        yield _(
            "From which address or device it was paid. That can't be mended; note the customer's "
            "arrival, and have them sign."
        )

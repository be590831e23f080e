"""How a booking is made: held in the app until it is paid, or booked by staff for somebody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext as _

from bookings import messages, reminders
from bookings.audit import By, Story, story_of_new
from bookings.calendar import occupancy
from bookings.calendar.occupancy import Place
from bookings.models import Booking, BookingStatus, PayAt, Service
from core.errors import DomainError


def hold(
    *,
    customer: AbstractUser,
    service_id: int,
    starts_at: datetime,
    resource_id: int | None = None,
    language: str = "",
    by: By,
    now: datetime,
) -> tuple[Booking, bool]:
    """Book a slot that is kept until it is paid or BOOKING_HOLD has passed; True if it is new.

    The same customer asking for the same slot again gets the hold they have. `language` is the request's.
    Raises DomainError: service_unavailable, starts_in_past, invalid (a resource that can't do it),
    too_many_holds, not_offered, slot_taken.
    """
    with transaction.atomic():
        holds = _holds_of(customer, now)
        service = _sellable(service_id, starts_at, now)
        for booking in holds:
            if _is_the_same(booking, service, starts_at, resource_id):
                return booking, False
        if len(holds) >= settings.BOOKING_MAX_HOLDS:
            raise DomainError(
                "too_many_holds", _("You hold too many times without paying. Pay or cancel one first.")
            )
        place = occupancy.find(service, starts_at, now=now, resource=resource_id)
        booking = _new(place, customer, now, hold_expires_at=now + settings.BOOKING_HOLD, language=language)
        with story_of_new(booking, by=by, now=now) as story:
            _tell(story, "booking.held")
    return booking, True


def book_for(
    *,
    customer: AbstractUser,
    service_id: int,
    starts_at: datetime,
    resource_id: int | None = None,
    pay_at: PayAt = PayAt.APP,
    note: str = "",
    by: By,
    now: datetime,
) -> Booking:
    """Book for somebody at the desk or on the phone, at any minute that is open and free, however soon.

    To be paid in the app it is a hold; at the desk it is confirmed, and nothing of it is owed by us.
    Raises DomainError: service_unavailable, starts_in_past, invalid, not_offered, slot_taken.
    """
    with transaction.atomic():
        service = _sellable(service_id, starts_at, now)
        place = occupancy.find(service, starts_at, now=now, resource=resource_id, freely=True)
        expires = now + settings.BOOKING_HOLD if pay_at == PayAt.APP else None
        booking = _new(place, customer, now, hold_expires_at=expires, pay_at=pay_at, note=note)
        with story_of_new(booking, by=by, now=now) as story:
            _tell(story, "booking.held" if pay_at == PayAt.APP else "booking.made", pay_at=str(pay_at))
            if pay_at == PayAt.DESK:
                story.move(booking, BookingStatus.CONFIRMED)
                messages.enqueue(story, "booking_confirmed", later=reminders.of(story))
            else:
                messages.enqueue(story, "booking_held")
    return booking


def _sellable(service_id: int, starts_at: datetime, now: datetime) -> Service:
    """The service, locked, if it can be booked then."""
    service = Service.objects.select_for_update(no_key=True).filter(pk=service_id).first()
    if service is None or not service.is_active:
        raise DomainError("service_unavailable", _("This service can't be booked."), status=400)
    if starts_at <= now:
        raise DomainError("starts_in_past", _("Choose a time in the future."), status=400)
    return service


def _holds_of(customer: AbstractUser, now: datetime) -> Sequence[Booking]:
    """What they hold and have not paid. Locks the customer, so that nobody holds more by asking at once."""
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk=customer.pk).values_list("pk"))
    waiting = Booking.objects.filter(
        customer_id=customer.pk, status=BookingStatus.PENDING_PAYMENT, hold_expires_at__gt=now
    )
    return list(waiting.select_related("service", "resource"))


def _is_the_same(booking: Booking, service: Service, starts_at: datetime, resource: int | None) -> bool:
    asked = (booking.service_id, booking.starts_at) == (service.pk, starts_at)
    return asked and resource in (None, booking.resource_id)


def _new(place: Place, customer: AbstractUser, now: datetime, **more: Any) -> Booking:
    service = place.bookable.service
    return Booking(
        customer_id=customer.pk,
        service=service,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        amount=service.price,
        currency=service.currency,
        refund_notice=service.notice,
        created_at=now,
        **occupancy.take(place),
        **more,
    )


def _tell(story: Story, action: str, **more: str) -> None:
    booking = story.booking
    if booking.resource_id:
        more["resource"] = str(booking.resource_id)
    story.record(
        action,
        amount=booking.amount,
        currency=booking.currency,
        starts_at=booking.starts_at.isoformat(),
        refund_notice_seconds=int(booking.refund_notice.total_seconds()),
        **more,
    )

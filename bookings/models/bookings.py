import re
import secrets
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models.calendar import Occupation, Resource
from bookings.models.copied import CopiedMoment, CopiedNumber, CopiedText
from bookings.models.services import Service, currency_code
from core.states import Arrows, Stateful

# Read aloud without doubt: no 0/O, no 1/I. 32 letters, eight places: 40 bits.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE = re.compile(f"BK-[{REFERENCE_ALPHABET}]{{8}}")


def new_reference() -> str:
    return "BK-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


class BookingStatus(models.TextChoices):
    PENDING_PAYMENT = "pending_payment", gettext_lazy("Waiting for payment")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    EXPIRED = "expired", gettext_lazy("Expired unpaid")
    COMPLETED = "completed", gettext_lazy("Completed")
    NO_SHOW = "no_show", gettext_lazy("Did not come")


class PayAt(models.TextChoices):
    APP = "app", gettext_lazy("In the app")
    DESK = "desk", gettext_lazy("At the desk")


class Booking(Stateful):
    """One appointment sold, on the terms agreed when it was made.

    pending_payment → confirmed | cancelled | expired
    confirmed       → cancelled | completed | no_show
    completed       → no_show        (the desk says so afterwards)
    no_show         → confirmed | completed      (a mistake)
    expired         → confirmed      (paid in the last moment, and the slot is still free)
    """

    Status = BookingStatus
    ARROWS: ClassVar[Arrows] = {
        "pending_payment": frozenset({"confirmed", "cancelled", "expired"}),
        "confirmed": frozenset({"cancelled", "completed", "no_show"}),
        "completed": frozenset({"no_show"}),
        "no_show": frozenset({"confirmed", "completed"}),
        "expired": frozenset({"confirmed"}),
    }
    PayAt = PayAt
    OCCUPYING = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    # Indexes below begin with customer and resource: each change of state fills them all.
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    service_name = CopiedText("name_of_service", max_length=120, help_text=gettext_lazy("As it was sold."))
    resource = models.ForeignKey(
        Resource,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bookings",
        db_index=False,
    )
    occupation = models.ForeignKey(
        Occupation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bookings",
        editable=False,
        help_text=gettext_lazy("What keeps its place free; gone when it needs none."),
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    moves = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=gettext_lazy("How often it was moved.")
    )
    amount = models.PositiveIntegerField(help_text=gettext_lazy("Minor units."))
    currency = models.CharField(max_length=3, validators=[currency_code])
    vat_rate = CopiedNumber(
        "vat_rate_of_service",
        gettext_lazy("VAT rate"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=gettext_lazy("In per cent, as it was sold."),
    )
    language = models.CharField(
        max_length=2,
        blank=True,
        default="",
        help_text=gettext_lazy("Of the request that made it; the account's goes first."),
    )
    status = models.CharField(
        max_length=16, choices=BookingStatus.choices, default=BookingStatus.PENDING_PAYMENT
    )
    refund_notice = models.DurationField(help_text=gettext_lazy("Notice for a full refund, as agreed."))
    refundable_until = CopiedMoment(
        "end_of_free_cancellation", help_text=gettext_lazy("Until then cancelling gives everything back.")
    )
    pay_at = models.CharField(max_length=4, choices=PayAt.choices, default=PayAt.APP)
    note = models.TextField(
        blank=True, default="", max_length=1000, help_text=gettext_lazy("For staff, for the day.")
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    cancelled_at = models.DateTimeField(null=True, blank=True)
    audit_head = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("customer", "-created_at", "-id"), name="booking_of_customer"),
            models.Index(fields=("-created_at", "-id"), name="booking_newest"),
            models.Index(fields=("status", "-created_at", "-id"), name="booking_by_status"),
            models.Index(fields=("starts_at",), name="booking_by_day"),
            models.Index(
                fields=("resource", "starts_at"),
                condition=Q(resource__isnull=False),
                name="booking_of_resource",
            ),
            models.Index(
                fields=("service", "starts_at"),
                condition=Q(status__in=("pending_payment", "confirmed")),
                name="booking_occupied",
            ),
            models.Index(
                fields=("hold_expires_at",),
                condition=Q(status="pending_payment"),
                name="booking_hold_due",
            ),
            models.Index(fields=("ends_at",), condition=Q(status="confirmed"), name="booking_ended"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="booking_amount_positive"),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
                name="booking_cancelled_when",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def name_of_service(self) -> str:
        return self.service.name

    def vat_rate_of_service(self) -> Decimal | None:
        return self.service.vat_rate

    def end_of_free_cancellation(self) -> datetime:
        return self.starts_at - self.refund_notice

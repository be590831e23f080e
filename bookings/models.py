import re
import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core import money
from core.states import Arrows, Stateful

# Read aloud without doubt: no 0/O, no 1/I. 32 letters, eight places: 40 bits.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE = re.compile(f"BK-[{REFERENCE_ALPHABET}]{{8}}")

currency_code = RegexValidator(r"^[a-z]{3}\Z", "Use a lowercase ISO 4217 code, like gbp.")


def new_reference() -> str:
    return "BK-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


class Service(models.Model):
    """Something that can be booked."""

    name = models.CharField(max_length=120)
    duration = models.DurationField(validators=[MinValueValidator(timedelta(minutes=1))])
    price = models.PositiveIntegerField(
        validators=[MinValueValidator(1)], help_text="In minor units: 4500 is £45.00."
    )
    currency = models.CharField(max_length=3, validators=[currency_code], default="gbp")
    capacity = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="How many bookings may overlap."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=Q(price__gt=0), name="service_price_positive"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="service_capacity_positive"),
            models.CheckConstraint(condition=Q(duration__gt=timedelta(0)), name="service_lasts"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.price is not None and not money.is_chargeable(self.price, self.currency):
            raise ValidationError({"price": "Stripe can't charge this amount in this currency."})


class BookingStatus(models.TextChoices):
    PENDING_PAYMENT = "pending_payment", "Waiting for payment"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired unpaid"
    COMPLETED = "completed", "Completed"


class Booking(Stateful):
    """One appointment sold, on the terms agreed when it was made.

    pending_payment → confirmed | cancelled | expired
    confirmed       → cancelled | completed
    expired         → confirmed      (paid in the last moment, and the slot is still free)
    """

    Status = BookingStatus
    ARROWS: ClassVar[Arrows] = {
        "pending_payment": frozenset({"confirmed", "cancelled", "expired"}),
        "confirmed": frozenset({"cancelled", "completed"}),
        "expired": frozenset({"confirmed"}),
    }
    OCCUPYING = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    amount = models.PositiveIntegerField(help_text="Minor units.")
    currency = models.CharField(max_length=3, validators=[currency_code])
    status = models.CharField(
        max_length=16, choices=BookingStatus.choices, default=BookingStatus.PENDING_PAYMENT
    )
    refund_notice = models.DurationField(help_text="Notice for a full refund, as agreed.")
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


class AuditEntry(models.Model):
    """What happened to a booking, who did it and why. Never edited, chained by hash per booking."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    source = models.CharField(max_length=16)
    action = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")
    previous_hash = models.CharField(max_length=64, blank=True)
    entry_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "audit entries"
        # One successor each: two writers can't fork a chain.
        constraints = (
            models.UniqueConstraint(fields=("booking", "previous_hash"), name="audit_one_successor"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """A mail to be sent, written with the change that it tells of. The row is the outbox."""

    class To(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        STAFF = "staff", "Staff"
        PERSON = "person", "One address"

    key = models.CharField(max_length=320, unique=True, help_text="Each mail once.")
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=8, choices=To.choices)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    facts = models.JSONField(default=dict, help_text="What the words are made of; no personal data.")
    sealed = models.TextField(
        blank=True, default="", help_text="Address and secrets of a mail to one address, until it is sent."
    )
    created_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(sent_at__isnull=True),
                name="message_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

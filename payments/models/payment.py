import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models import Booking, currency_code
from core.states import Arrows, Stateful

# Stripe's ids never get longer, by its own word.
LONGEST_ID = 255


class StripeCustomer(models.Model):
    """Our user at Stripe. `key` is the idempotency key, committed before Stripe is called."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stripe_customer"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stripe_customer_id = models.CharField(max_length=LONGEST_ID, null=True, unique=True)

    def __str__(self) -> str:
        return self.stripe_customer_id or "not at Stripe yet"


class PaymentStatus(models.TextChoices):
    OPEN = "open", gettext_lazy("Waiting for the customer")
    PROCESSING = "processing", gettext_lazy("Processing at the bank")
    SUCCEEDED = "succeeded", gettext_lazy("Paid")
    CANCELED = "canceled", gettext_lazy("Cancelled unpaid")


class Payment(Stateful):
    """One PaymentIntent for a booking. The id is our own and goes to Stripe as metadata and key.

    open       → processing | succeeded | canceled
    processing → open (declined, may try again) | succeeded | canceled
    canceled   → succeeded      (Stripe says so after all: always recorded)
    """

    Status = PaymentStatus
    ARROWS: ClassVar[Arrows] = {
        "open": frozenset({"processing", "succeeded", "canceled"}),
        "processing": frozenset({"open", "succeeded", "canceled"}),
        "canceled": frozenset({"succeeded"}),
    }
    UNPAID = (PaymentStatus.OPEN, PaymentStatus.PROCESSING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveIntegerField(help_text=gettext_lazy("Asked for, in minor units."))
    currency = models.CharField(max_length=3, validators=[currency_code])
    status = models.CharField(max_length=12, choices=PaymentStatus.choices, default=PaymentStatus.OPEN)
    orphaned = models.BooleanField(
        default=False, help_text=gettext_lazy("The money arrived where it can't stay, and goes back.")
    )
    stripe_payment_intent_id = models.CharField(max_length=LONGEST_ID, null=True, blank=True, unique=True)
    stripe_charge_id = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_index=True)
    # Null where it isn't known: then it is a card, which most payments are.
    method = models.CharField(
        max_length=32, null=True, blank=True, help_text=gettext_lazy("What paid, in Stripe's words.")
    )
    card_brand = models.CharField(max_length=20, blank=True, default="")
    card_last4 = models.CharField(max_length=4, blank=True, default="")
    last_error = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("-created_at",), name="payment_newest"),
            models.Index(fields=("status", "-created_at"), name="payment_by_status"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("booking",),
                condition=Q(status__in=("open", "processing")),
                name="payment_one_unpaid_per_booking",
            ),
            models.UniqueConstraint(
                fields=("booking",),
                condition=Q(status="succeeded", orphaned=False),
                name="payment_one_kept_per_booking",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
        )

    def __str__(self) -> str:
        return self.stripe_payment_intent_id or str(self.id)


class TransactionKind(models.TextChoices):
    PAYMENT = "payment", gettext_lazy("Payment")
    REFUND = "refund", gettext_lazy("Refund")
    REFUND_RETURNED = "refund_returned", gettext_lazy("Refund returned")
    CHARGEBACK = "chargeback", gettext_lazy("Chargeback")
    CHARGEBACK_RETURNED = "chargeback_returned", gettext_lazy("Chargeback returned")
    DISPUTE_FEE = "dispute_fee", gettext_lazy("Dispute fee")


class PaymentTransaction(models.Model):
    """A line of the statement: money that really moved. Signed, append-only."""

    Kind = TransactionKind

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="transactions")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transactions")
    kind = models.CharField(max_length=20, choices=TransactionKind.choices)
    amount = models.IntegerField(help_text=gettext_lazy("Minor units; money to us is positive."))
    currency = models.CharField(max_length=3, validators=[currency_code])
    stripe_id = models.CharField(max_length=LONGEST_ID)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-occurred_at", "-id")
        indexes = (
            models.Index(fields=("-occurred_at", "-id"), name="transaction_newest"),
            models.Index(fields=("currency", "occurred_at"), name="transaction_by_period"),
            models.Index(fields=("stripe_id",), name="transaction_by_stripe_id"),
            # A month's sums are read from it alone.
            models.Index(
                fields=("kind", "-occurred_at", "-id"),
                include=("currency", "amount"),
                name="transaction_by_kind",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("kind", "stripe_id"), name="transaction_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("payment", "refund_returned", "chargeback_returned"), amount__gt=0)
                | Q(kind__in=("refund", "chargeback"), amount__lt=0)
                | Q(kind="dispute_fee"),
                name="transaction_sign",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class EventStatus(models.TextChoices):
    PENDING = "pending", gettext_lazy("Waiting")
    PROCESSED = "processed", gettext_lazy("Processed")
    IGNORED = "ignored", gettext_lazy("No effect")
    REFUSED = "refused", gettext_lazy("Refused")
    FAILED = "failed", gettext_lazy("Failed")


class WebhookEvent(Stateful):
    """An event that Stripe delivered, or that we fetched. Unique, kept, replayable."""

    class CameBy(models.TextChoices):
        WEBHOOK = "webhook", gettext_lazy("Delivered by Stripe")
        RECONCILE = "reconcile", gettext_lazy("Fetched by us")

    Status = EventStatus
    ARROWS: ClassVar[Arrows] = {
        here: frozenset({"pending", "processed", "ignored", "refused", "failed"})
        for here in ("pending", "failed", "ignored", "processed", "refused")
    }

    stripe_event_id = models.CharField(max_length=LONGEST_ID, unique=True)
    type = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=EventStatus.choices)
    came_by = models.CharField(max_length=12, choices=CameBy.choices, default=CameBy.WEBHOOK)
    payload = models.JSONField(null=True, help_text=gettext_lazy("As Stripe sent it; emptied after a while."))
    object_id = models.CharField(max_length=LONGEST_ID, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="", help_text=gettext_lazy("What it did."))
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), help_text=gettext_lazy("When it happened at Stripe."))
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        permissions = (("replay_event", "Can apply a stored Stripe event again"),)
        indexes = (
            models.Index(fields=("-received_at", "-id"), name="event_newest"),
            models.Index(fields=("type", "-received_at", "-id"), name="event_by_type"),
            models.Index(
                fields=("status", "-received_at", "-id"),
                condition=Q(status__in=("pending", "failed", "refused")),
                name="event_in_trouble",
            ),
            models.Index(fields=("object_id",), name="event_by_object"),
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(status__in=("pending", "failed")),
                name="event_due",
            ),
            models.Index(
                fields=("received_at",), condition=Q(payload__isnull=False), name="event_with_payload"
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_event_id}"

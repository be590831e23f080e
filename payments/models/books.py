"""Stripe's account as we know it: every movement of its balance, every payout to the bank, closed months."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models import Resource, Service, currency_code
from core.states import Arrows, Stateful
from payments.models.payment import LONGEST_ID, Payment


class PayoutStatus(models.TextChoices):
    PENDING = "pending", gettext_lazy("Not sent yet")
    IN_TRANSIT = "in_transit", gettext_lazy("On its way")
    PAID = "paid", gettext_lazy("Arrived")
    FAILED = "failed", gettext_lazy("Sent back by the bank")
    CANCELED = "canceled", gettext_lazy("Cancelled")


class Payout(Stateful):
    """Money on its way from Stripe to the bank account.

    pending    → in_transit | paid | failed | canceled
    in_transit → paid | failed | canceled
    paid       → failed      (the bank sent it back days later)
    """

    Status = PayoutStatus
    ARROWS: ClassVar[Arrows] = {
        "pending": frozenset({"in_transit", "paid", "failed", "canceled"}),
        "in_transit": frozenset({"paid", "failed", "canceled"}),
        "paid": frozenset({"failed"}),
    }
    UNDER_WAY = (PayoutStatus.PENDING, PayoutStatus.IN_TRANSIT)

    stripe_id = models.CharField(max_length=LONGEST_ID, unique=True)
    amount = models.BigIntegerField(
        help_text=gettext_lazy("Minor units; money to the bank account is positive.")
    )
    currency = models.CharField(max_length=3, validators=[currency_code])
    status = models.CharField(max_length=12, choices=PayoutStatus.choices)
    automatic = models.BooleanField(
        default=True, help_text=gettext_lazy("By Stripe's schedule, so Stripe says what is in it.")
    )
    method = models.CharField(
        max_length=20, blank=True, default="", help_text=gettext_lazy("standard or instant")
    )
    arrives_on = models.DateField()
    created_at = models.DateTimeField(db_default=Now(), help_text=gettext_lazy("When it was made at Stripe."))
    own_line = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_index=True)
    trace_id = models.CharField(
        max_length=LONGEST_ID, blank=True, default="", help_text=gettext_lazy("The bank's.")
    )
    failure_code = models.CharField(max_length=64, blank=True, default="")
    listed_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When Stripe told what is in it.")
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="payout_newest"),
            models.Index(
                fields=("created_at",),
                condition=Q(status__in=("pending", "in_transit")),
                name="payout_under_way",
            ),
        )

    def __str__(self) -> str:
        return self.stripe_id


class LineAbout(models.TextChoices):
    PAYMENT = "payment", gettext_lazy("Payment")
    REFUND = "refund", gettext_lazy("Refund")
    DISPUTE = "dispute", gettext_lazy("Dispute")
    PAYOUT = "payout", gettext_lazy("Payout")
    OTHER = "other", gettext_lazy("Stripe's own")


class BalanceLine(models.Model):
    """A movement of Stripe's balance, as Stripe lists it. Append-only.

    What is learned later is filled in once: the payout it went out with, our payment, the month.
    """

    About = LineAbout

    stripe_id = models.CharField(max_length=LONGEST_ID, unique=True)
    type = models.CharField(max_length=64)
    category = models.CharField(max_length=64, help_text=gettext_lazy("Stripe's reporting category."))
    amount = models.BigIntegerField(help_text=gettext_lazy("Minor units; money to us is positive."))
    fee = models.BigIntegerField(help_text=gettext_lazy("Minor units; what Stripe kept is positive."))
    net = models.BigIntegerField()
    currency = models.CharField(max_length=3, help_text=gettext_lazy("The one that Stripe settles in."))
    rate = models.DecimalField(
        max_digits=20, decimal_places=10, null=True, help_text=gettext_lazy("If exchanged.")
    )
    about = models.CharField(max_length=8, choices=LineAbout.choices)
    source_id = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_index=True)
    payment = models.ForeignKey(
        Payment,
        null=True,
        on_delete=models.PROTECT,
        related_name="balance_lines",
        help_text=gettext_lazy("Null: not ours."),
    )
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="lines")
    network = models.CharField(max_length=20, blank=True, default="", help_text=gettext_lazy("The card's."))
    counts = models.BooleanField(
        default=True, help_text=gettext_lazy("Part of the balance that is paid out.")
    )
    description = models.CharField(max_length=200, blank=True, default="")
    occurred_at = models.DateTimeField(db_default=Now())
    available_on = models.DateField(null=True)
    month = models.DateField(
        null=True, help_text=gettext_lazy("The month it is booked in; null: before the books began.")
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-occurred_at", "-id")
        indexes = (
            models.Index(fields=("-occurred_at", "-id"), name="line_newest"),
            # A month's lines in order; the balance and the corrections are read from it alone.
            models.Index(
                fields=("month", "occurred_at", "id"),
                include=("currency", "category", "network", "net", "counts"),
                name="line_in_month",
            ),
            models.Index(
                fields=("payout",),
                include=("net",),
                condition=Q(payout__isnull=False),
                name="line_by_payout",
            ),
        )
        constraints = (models.CheckConstraint(condition=Q(net=F("amount") - F("fee")), name="line_adds_up"),)

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def is_ours(self) -> bool:
        """Of a payment that we know, or of the account itself: the account may serve other shops too."""
        return self.payment_id is not None or self.about in (LineAbout.PAYOUT, LineAbout.OTHER)


class MonthTotal(models.Model):
    """A part of what the lines of a month add up to: derived from them (payments/books/totals.py).

    Several rows may have the same key: they are added up.
    """

    month = models.DateField()
    currency = models.CharField(max_length=3)
    category = models.CharField(max_length=64)
    network = models.CharField(max_length=20, blank=True, default="")
    # None where it isn't ours.
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    lines = models.BigIntegerField()  # how many; negative where lines were taken out

    class Meta:
        indexes = (models.Index(fields=("month", "category"), name="total_of_month"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.category} {self.amount} {self.currency}"


class ClosedMonth(models.Model):
    """A month as the accountant has it. Append-only: what is learned later goes into a later month."""

    month = models.DateField(unique=True)
    figures = models.JSONField(help_text=gettext_lazy("By currency, in minor units."))
    file = models.BinaryField(help_text=gettext_lazy("The accountant's file, a zip."))
    digest = models.CharField(max_length=64, help_text=gettext_lazy("SHA-256 of the file."))
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=64, help_text="staff:3")
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-month",)
        permissions = (("close_month", "Can close a month of the books"),)

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

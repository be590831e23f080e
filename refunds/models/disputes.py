from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models import Booking, currency_code
from core.states import Arrows, Stateful
from payments.models import LONGEST_ID, Payment


class Dispute(Stateful):
    """A chargeback or inquiry, in Stripe's own words: `status` and `reason` are free text.

    Stripe decides the state and we follow (`Story.follow`), so there are no arrows of our own.
    """

    ARROWS: ClassVar[Arrows] = {}
    # Whatever else Stripe may say counts as open.
    CLOSED = ("won", "lost", "warning_closed", "prevented")
    MIRRORED = (
        "amount",
        "currency",
        "reason",
        "status",
        "is_open",
        "is_charge_refundable",
        "withdrawn",
        "evidence_due_by",
        "submissions",
        "submission_method",
        "intended_submission_method",
        "case_type",
        "enhanced",
    )

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="disputes")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    stripe_dispute_id = models.CharField(max_length=LONGEST_ID, unique=True)
    amount = models.PositiveIntegerField(help_text=gettext_lazy("Minor units."))
    currency = models.CharField(max_length=3, validators=[currency_code])
    reason = models.CharField(max_length=64)
    status = models.CharField(max_length=64)
    is_open = models.BooleanField(default=True)
    is_charge_refundable = models.BooleanField(default=False)
    withdrawn = models.IntegerField(
        default=0, help_text=gettext_lazy("Taken from us and not returned, in minor units.")
    )
    opened_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(
        db_default=Now(), help_text=gettext_lazy("When Stripe last told us all this.")
    )
    evidence_due_by = models.DateTimeField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=gettext_lazy("How many days before the deadline staff were last mailed."),
    )
    evidence = models.JSONField(default=dict, blank=True, help_text=gettext_lazy("Staff's draft."))
    staged_at = models.DateTimeField(null=True, blank=True)
    handing_in_until = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Somebody is submitting; nobody else may.")
    )
    submissions = models.PositiveSmallIntegerField(
        default=0, help_text=gettext_lazy("Times Stripe was given evidence.")
    )
    submission_method = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text=gettext_lazy("How evidence was submitted, in Stripe's words."),
    )
    intended_submission_method = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text=gettext_lazy("Who answers; empty without Smart Disputes."),
    )
    default_submission_method = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text=gettext_lazy("Who would answer, as we first heard of it."),
    )
    case_type = models.CharField(max_length=32, blank=True, default="")
    enhanced = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy("The network programmes on offer, and what they still ask for."),
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True, default="")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="dispute_newest"),
            models.Index(fields=("evidence_due_by",), condition=Q(is_open=True), name="dispute_deadline"),
        )
        permissions = (
            ("stage_evidence", "Can prepare evidence"),
            ("submit_evidence", "Can submit evidence"),
            ("accept_dispute", "Can accept a dispute"),
            ("refund_dispute", "Can refund an inquiry"),
            ("resolve_dispute", "Can close a dispute with a note"),
        )

    def __str__(self) -> str:
        return self.stripe_dispute_id

    @property
    def is_chargeback(self) -> bool:
        """Whether it keeps the payment from being refunded; inquiries and won disputes don't."""
        return not self.is_charge_refundable

    @property
    def at_stake(self) -> int:
        """What it has taken or may still take from us on behalf of the customer, in minor units."""
        if self.is_charge_refundable:
            return 0
        return self.amount if self.is_open or self.status == "lost" else max(self.withdrawn, 0)


class EarlyFraudWarning(models.Model):
    """The card network suspects fraud: refunding now may avoid a chargeback and its fee."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="fraud_warnings")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="fraud_warnings")
    stripe_id = models.CharField(max_length=LONGEST_ID, unique=True)
    fraud_type = models.CharField(max_length=64)
    actionable = models.BooleanField(default=True)
    warned_at = models.DateTimeField()

    class Meta:
        ordering = ("-warned_at",)
        permissions = (("refund_first", "Can refund a payment that is suspected of fraud"),)

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def status(self) -> str:
        """Whether refunding first can still help: not once it is refunded or disputed."""
        ended = ("failed", "canceled", "withdrawn", "superseded", "not_due")
        answered = self.payment.refunds.exclude(status__in=ended).exists() or self.payment.disputes.exists()
        return "answered" if answered else "open"

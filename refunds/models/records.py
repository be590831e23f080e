import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models import Booking, currency_code
from core.states import Arrows, Stateful
from payments.models import LONGEST_ID, Payment


class RefundStatus(models.TextChoices):
    NOT_DUE = "not_due", gettext_lazy("Nothing owed")
    QUEUED = "queued", gettext_lazy("Queued")
    SENDING = "sending", gettext_lazy("Being sent")
    UNKNOWN = "unknown", gettext_lazy("Outcome unknown")
    PENDING = "pending", gettext_lazy("Pending at Stripe")
    SUCCEEDED = "succeeded", gettext_lazy("Refunded")
    FAILED = "failed", gettext_lazy("Returned by the bank")
    CANCELED = "canceled", gettext_lazy("Cancelled at Stripe")
    ON_HOLD = "on_hold", gettext_lazy("On hold")
    NEEDS_ATTENTION = "needs_attention", gettext_lazy("Needs a person")
    SUPERSEDED = "superseded", gettext_lazy("Already refunded otherwise")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    SETTLED_BY_DISPUTE = "settled_by_dispute", gettext_lazy("Settled by a dispute")
    PAID_OTHERWISE = "paid_otherwise", gettext_lazy("Paid by other means")


# What Stripe reports is always recorded, whatever we had planned for the record.
REPORTED = frozenset({"pending", "succeeded", "failed", "canceled"})
GIVEN_UP = frozenset({"queued", "on_hold", "paid_otherwise", "settled_by_dispute", "withdrawn", "superseded"})
AGAIN = frozenset({"queued", "on_hold"})


class RefundRule(models.TextChoices):
    IN_TIME = "in_time", gettext_lazy("Cancelled in time")
    TOO_LATE = "too_late", gettext_lazy("Cancelled too late")
    NOTHING_PAID = "nothing_paid", gettext_lazy("Nothing was paid")
    BUSINESS_CANCELLED = "business_cancelled", gettext_lazy("Cancelled by the business")
    GOODWILL = "goodwill", gettext_lazy("Goodwill")
    ORPHANED_PAYMENT = "orphaned_payment", gettext_lazy("Payment that can't stay")
    DASHBOARD = "dashboard", gettext_lazy("Made at Stripe")


class RefundRecord(Stateful):
    """Money owed back (or the receipt that none is), and how far it has come.

    queued    → sending | on_hold | superseded | settled_by_dispute | withdrawn | needs_attention
    sending   → queued (told to wait) | unknown | on_hold | needs_attention | superseded
    unknown   → queued (looked up: Stripe has none) | on_hold | needs_attention | superseded
    pending   → succeeded | failed | canceled | paid_otherwise (after a month)
    succeeded → failed | canceled                       (a bank returned it, days later)
    on_hold   → queued | settled_by_dispute | superseded | withdrawn | needs_attention | on_hold (for more)
    failed, canceled, needs_attention → queued (retried) | on_hold | paid_otherwise | settled_by_dispute
    failed, canceled, needs_attention → withdrawn | superseded
    settled_by_dispute, superseded → queued | on_hold   (what had covered it was undone)
    withdrawn → queued | on_hold                        (it was a mistake)
    any that isn't done → what Stripe reports
    """

    Status = RefundStatus
    Rule = RefundRule
    ARROWS: ClassVar[Arrows] = {
        "queued": REPORTED | GIVEN_UP - {"queued", "paid_otherwise"} | {"sending", "needs_attention"},
        "sending": REPORTED | {"queued", "unknown", "on_hold", "needs_attention", "superseded"},
        "unknown": REPORTED | {"queued", "on_hold", "needs_attention", "superseded"},
        "pending": frozenset({"succeeded", "failed", "canceled", "paid_otherwise"}),
        "succeeded": frozenset({"failed", "canceled"}),
        "on_hold": REPORTED | GIVEN_UP - {"paid_otherwise"} | {"needs_attention"},
        "failed": GIVEN_UP,
        "canceled": GIVEN_UP,
        "needs_attention": REPORTED | GIVEN_UP,
        "superseded": REPORTED | AGAIN,
        "withdrawn": REPORTED | AGAIN,
        "settled_by_dispute": REPORTED | AGAIN,
        "paid_otherwise": REPORTED,
    }
    # Committed money: together with what was refunded it never exceeds what was paid.
    ON_ITS_WAY = (
        RefundStatus.QUEUED,
        RefundStatus.SENDING,
        RefundStatus.UNKNOWN,
        RefundStatus.PENDING,
        RefundStatus.ON_HOLD,
        RefundStatus.NEEDS_ATTENTION,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField(help_text=gettext_lazy("Minor units; 0 only when nothing is owed."))
    currency = models.CharField(max_length=3, validators=[currency_code])
    status = models.CharField(max_length=20, choices=RefundStatus.choices, default=RefundStatus.QUEUED)
    rule = models.CharField(max_length=20, choices=RefundRule.choices)
    decision = models.JSONField(default=dict, help_text=gettext_lazy("The policy's inputs and its answer."))
    requested_by = models.CharField(
        max_length=64, help_text=gettext_lazy("customer:7, staff:3, system, stripe")
    )
    reason = models.TextField(blank=True, default="")
    request_id = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text=gettext_lazy("The request that caused it, as in the logs."),
    )
    requested_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    stripe_refund_id = models.CharField(max_length=LONGEST_ID, null=True, blank=True, unique=True)
    failure_reason = models.CharField(max_length=64, blank=True, default="")
    bank_reference = models.CharField(max_length=64, blank=True, default="")
    held_for = models.CharField(
        max_length=10, blank=True, default="", help_text="dispute, staff, approval or withdrawal"
    )
    asked_by = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text=gettext_lazy("Who asked for what a second person has to approve."),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    may_be_paid_twice = models.BooleanField(
        default=False, help_text=gettext_lazy("A chargeback came while it was under way.")
    )
    twice_acknowledged = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "Minor units that may be paid twice and that staff have looked at; more is shown again."
        ),
    )
    paid_otherwise = models.PositiveIntegerField(
        default=0,
        help_text=gettext_lazy("Minor units that were given by other means before Stripe sent it after all."),
    )
    rest_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rests",
        help_text=gettext_lazy(
            "The record that owed this first; a part of it was given otherwise, which was undone."
        ),
    )
    destination = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text=gettext_lazy("Where it goes, in Stripe's words; empty is a card."),
    )
    generation = models.PositiveIntegerField(
        default=1, help_text=gettext_lazy("Part of the idempotency key; grows when a person retries.")
    )
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    first_sent_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When this generation's key was first used.")
    )
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-requested_at",)
        permissions = (
            ("retry_refund", "Can send a refund that failed once more"),
            ("hold_refund", "Can put a refund on hold and release it"),
            ("withdraw_refund", "Can withdraw a refund that was not sent yet"),
            ("ask_stripe", "Can ask Stripe how a refund stands"),
            ("give_goodwill", "Can give money back as goodwill"),
            ("approve_refund", "Can approve another person's refund"),
            ("mark_paid_otherwise", "Can mark a refund as paid by other means"),
        )
        indexes = (
            models.Index(
                fields=("-requested_at",),
                condition=Q(may_be_paid_twice=True),
                name="refund_maybe_twice",
            ),
            models.Index(fields=("-requested_at",), name="refund_newest"),
            models.Index(fields=("status", "-requested_at"), name="refund_by_status"),
            models.Index(fields=("rule", "-requested_at"), name="refund_by_rule"),
            models.Index(
                fields=("requested_at",),
                condition=Q(status__in=("queued", "sending", "unknown")),
                name="refund_due",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("booking",),
                condition=Q(
                    rule__in=("in_time", "too_late", "nothing_paid", "business_cancelled"), rest_of=None
                ),
                name="refund_one_per_cancellation",
            ),
            models.CheckConstraint(
                condition=Q(status="not_due", amount=0) | Q(amount__gt=0) & ~Q(status="not_due"),
                name="refund_amount_when_due",
            ),
        )

    def __str__(self) -> str:
        return self.stripe_refund_id or str(self.id)

    @property
    def idempotency_key(self) -> str:
        """One key per attempt that Stripe hasn't refused (Stripe keeps it at least 24 h)."""
        return f"refund:{self.id}:{self.generation}"

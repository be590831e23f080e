"""What reconciliation leaves behind: each run, and what it could not heal."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking
from payments.models import LONGEST_ID


class ReconciliationRun(models.Model):
    """One comparison of a stretch of time; unfinished when Stripe couldn't be asked to the end."""

    source = models.CharField(max_length=16, help_text="worker, command or admin")
    since = models.DateTimeField()
    until = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, help_text=gettext_lazy("How many of each were looked at."))
    healed = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0, help_text=gettext_lazy("What it could not heal."))
    drift = models.JSONField(
        default=dict, help_text=gettext_lazy("Our statement less Stripe's, minor units by currency.")
    )
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = (models.Index(fields=("-started_at", "-id"), name="run_newest"),)
        permissions = (("reconcile", "Can compare the books with Stripe's"),)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Kind(models.TextChoices):
    MISSING_HERE = "missing_here", gettext_lazy("Stripe has it, we don't")
    MISSING_THERE = "missing_there", gettext_lazy("We have it, Stripe doesn't")
    STATE = "state", gettext_lazy("In another state")
    AMOUNT = "amount", gettext_lazy("Another amount or currency")
    RECORD_LOST = "record_lost", gettext_lazy("Made here, but its record is lost")


class Finding(models.Model):
    """A difference that could not be healed: a person has to look. It closes itself once it is gone."""

    Kind = Kind

    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject = models.CharField(max_length=20, help_text="payment_intent, refund, dispute or movement")
    stripe_id = models.CharField(max_length=LONGEST_ID)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    detail = models.JSONField(default=dict, help_text=gettext_lazy("Ours and theirs; no personal data."))
    first_seen = models.DateTimeField(db_default=Now())
    last_seen = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=64, blank=True, default="", help_text="system or staff:3")
    resolution = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-first_seen", "-id")
        permissions = (("accept_finding", "Can close a difference from Stripe with a note"),)
        indexes = (
            models.Index(
                fields=("-first_seen", "-id"), condition=Q(resolved_at__isnull=True), name="finding_open"
            ),
        )
        constraints = (models.UniqueConstraint(fields=("kind", "stripe_id"), name="finding_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.stripe_id}"

    @property
    def status(self) -> str:
        return "closed" if self.resolved_at else "open"

    def get_status_display(self) -> str:
        return _("Closed by %(name)s") % {"name": self.resolved_by} if self.resolved_at else _("Open")

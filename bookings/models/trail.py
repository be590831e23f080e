from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models.bookings import Booking


class AuditEntry(models.Model):
    """What happened to a booking, who did it and why. Never edited, chained by hash per booking."""

    # Found by the constraint's index, which begins with it.
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="audit_entries", db_index=False
    )
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
        verbose_name_plural = gettext_lazy("audit entries")
        # One successor each: two writers can't fork a chain.
        constraints = (
            models.UniqueConstraint(fields=("booking", "previous_hash"), name="audit_one_successor"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Message(models.Model):
    """A mail to be sent, written with the change that it tells of. The row is the outbox."""

    class To(models.TextChoices):
        CUSTOMER = "customer", gettext_lazy("Customer")
        STAFF = "staff", gettext_lazy("Staff")
        PERSON = "person", gettext_lazy("One address")

    key = models.CharField(max_length=320, unique=True, help_text=gettext_lazy("Each mail once."))
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=8, choices=To.choices)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    facts = models.JSONField(
        default=dict, help_text=gettext_lazy("What the words are made of; no personal data.")
    )
    sealed = models.TextField(
        blank=True,
        default="",
        help_text=gettext_lazy("Address and secrets of a mail to one address, until it is sent."),
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

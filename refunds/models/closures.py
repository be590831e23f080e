import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings.models import Booking, CalendarException


class Closure(models.Model):
    """The business cancels a day or a selection: everybody gets everything back."""

    # Made when the form is shown, so that sending it twice is one closure.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    closed = models.ForeignKey(
        CalendarException,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="closures",
        help_text=gettext_lazy("The time that was closed in the calendar."),
    )
    reason = models.TextField(
        blank=True, default="", help_text=gettext_lazy("For staff; customers aren't told.")
    )

    class Meta:
        ordering = ("-requested_at",)
        permissions = (("cancel_for_business", "Can cancel bookings for the business"),)

    def __str__(self) -> str:
        return f"Closure of {self.requested_at:%Y-%m-%d %H:%M}"


class Outcome(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    REFUSED = "refused", gettext_lazy("Can't be cancelled")
    FAILED = "failed", gettext_lazy("Failed, can be resumed")


class ClosureItem(models.Model):
    """One booking of a closure, and what came of it."""

    closure = models.ForeignKey(Closure, on_delete=models.CASCADE, related_name="items")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    code = models.CharField(
        max_length=64, blank=True, default="", help_text=gettext_lazy("The rule, or why not.")
    )
    amount = models.PositiveIntegerField(default=0, help_text=gettext_lazy("Given back, in minor units."))

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("closure", "booking"), name="closure_item_once"),)
        indexes = (models.Index(fields=("id",), condition=Q(outcome="waiting"), name="closure_item_due"),)

    def __str__(self) -> str:
        return f"{self.booking} {self.outcome}"

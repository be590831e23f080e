from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models.services import (
    NO_TIME,
    a_month_at_most,
    at_least_a_minute,
    currency_code,
    five_years_at_most,
    not_negative,
)
from core.storage import rows
from core.storage.rows import Where

ONLY_ROW = Where("id = %s", (1,))


def default_zone() -> str:
    return str(settings.STAFF_TIME_ZONE)


def known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("This is no time zone. Write it like Europe/London."), code="unknown_zone")


two_weeks_at_most = MaxValueValidator(14 * 24)


class Business(models.Model):
    """Who sells here: one row. Saving another one replaces it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, editable=False)
    name = models.CharField(max_length=120, blank=True, default="")
    time_zone = models.CharField(max_length=64, default=default_zone, validators=[known_zone])
    currency = models.CharField(max_length=3, validators=[currency_code], default="gbp")
    address = models.TextField(blank=True, default="", max_length=500)
    phone = models.CharField(max_length=32, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    website = models.URLField(blank=True, default="")
    step = models.DurationField(
        default=timedelta(minutes=15),
        validators=[at_least_a_minute, a_month_at_most],
        help_text=gettext_lazy("How far apart the offered times are, counted from the opening."),
    )
    lead = models.DurationField(
        default=NO_TIME,
        validators=[not_negative, five_years_at_most],
        help_text=gettext_lazy("How long before the start a time can be booked at the latest."),
    )
    horizon = models.DurationField(
        default=timedelta(days=365),
        validators=[at_least_a_minute, five_years_at_most],
        help_text=gettext_lazy("How far ahead a time can be booked."),
    )

    logo = models.URLField(
        blank=True,
        default="",
        help_text=gettext_lazy("The address of a picture, shown in mails and on customers' pages."),
    )
    vat_number = models.CharField(gettext_lazy("VAT number"), max_length=32, blank=True, default="")
    remind_day_before = models.BooleanField(
        default=True, help_text=gettext_lazy("Remind customers the day before.")
    )
    remind_hours_before = models.PositiveSmallIntegerField(
        default=3,
        validators=[two_weeks_at_most],
        help_text=gettext_lazy(
            "Remind them this many hours before the start; 0: don't. At night nobody is reminded."
        ),
    )
    remind_hours_before_free_ends = models.PositiveSmallIntegerField(
        default=12,
        validators=[two_weeks_at_most],
        help_text=gettext_lazy("Remind them this many hours before free cancellation ends; 0: don't."),
    )

    class Meta:
        verbose_name_plural = "business"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="business_is_one"),
            models.CheckConstraint(condition=Q(step__gt=NO_TIME), name="business_step"),
        )

    def __str__(self) -> str:
        return self.name or "The business"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.ONLY
        kwargs["force_insert"] = False
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Business":
        """The business as it is set up, or as it is before anybody has."""
        return next(iter(rows.read(cls, ONLY_ROW)), None) or cls(pk=cls.ONLY)

    @property
    def zone(self) -> ZoneInfo:
        """Where its clocks hang."""
        return ZoneInfo(self.time_zone)

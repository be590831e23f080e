from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models.calendar import Resource
from core import money

currency_code = RegexValidator(r"^[a-z]{3}\Z", gettext_lazy("Use a lowercase ISO 4217 code, like gbp."))

NO_TIME = timedelta(0)
LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=5 * 365)
not_negative = MinValueValidator(NO_TIME)
at_least_a_minute = MinValueValidator(timedelta(minutes=1))
a_month_at_most = MaxValueValidator(LONGEST)
five_years_at_most = MaxValueValidator(FARTHEST)


class Service(models.Model):
    """Something that can be booked. What is left empty is as the business has it."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="", max_length=2000)
    duration = models.DurationField(validators=[at_least_a_minute, a_month_at_most])
    price = models.PositiveIntegerField(
        validators=[MinValueValidator(1)], help_text=gettext_lazy("In minor units: 4500 is £45.00.")
    )
    currency = models.CharField(max_length=3, validators=[currency_code], default="gbp")
    capacity = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("How many bookings may share a time."),
    )
    is_active = models.BooleanField(default=True)
    refund_notice = models.DurationField(
        null=True,
        blank=True,
        validators=[not_negative, five_years_at_most],
        help_text=gettext_lazy("Until how long before the start cancelling gives everything back."),
    )
    buffer_before = models.DurationField(
        default=NO_TIME, validators=[not_negative, a_month_at_most], help_text=gettext_lazy("To get ready.")
    )
    buffer_after = models.DurationField(
        default=NO_TIME, validators=[not_negative, a_month_at_most], help_text=gettext_lazy("To clean up.")
    )
    step = models.DurationField(
        null=True,
        blank=True,
        validators=[at_least_a_minute, a_month_at_most],
        help_text=gettext_lazy("How far apart the offered times are, counted from the opening."),
    )
    lead = models.DurationField(
        null=True,
        blank=True,
        validators=[not_negative, five_years_at_most],
        help_text=gettext_lazy("How long before the start it can be booked at the latest."),
    )
    horizon = models.DurationField(
        null=True,
        blank=True,
        validators=[at_least_a_minute, five_years_at_most],
        help_text=gettext_lazy("How far ahead it can be booked."),
    )
    resources = models.ManyToManyField(
        Resource,
        blank=True,
        related_name="services",
        help_text=gettext_lazy("Who or what can do it; each one alone can."),
    )

    vat_rate = models.DecimalField(
        gettext_lazy("VAT rate"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
        help_text=gettext_lazy(
            "In per cent, contained in the price, shown on receipts; empty: no VAT is shown."
        ),
    )
    sends_reminders = models.BooleanField(
        default=True, help_text=gettext_lazy("Off: nobody is reminded of it.")
    )

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=Q(price__gt=0), name="service_price_positive"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="service_capacity_positive"),
            models.CheckConstraint(condition=Q(duration__gt=NO_TIME), name="service_lasts"),
            models.CheckConstraint(
                condition=Q(buffer_before__gte=NO_TIME, buffer_after__gte=NO_TIME),
                name="service_buffers_not_negative",
            ),
            models.CheckConstraint(condition=Q(step__isnull=True) | Q(step__gt=NO_TIME), name="service_step"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.price is not None and not money.is_chargeable(self.price, self.currency):
            raise ValidationError({"price": _("Stripe can't charge this amount in this currency.")})
        if self.price is not None and self.price < money.smallest(self.currency):
            least = money.in_words(money.smallest(self.currency), self.currency)
            raise ValidationError({"price": _("Stripe charges no less than %(least)s.") % {"least": least}})

    @property
    def notice(self) -> timedelta:
        """The notice for a full refund that is agreed when it is booked now."""
        return settings.REFUND_NOTICE if self.refund_notice is None else self.refund_notice

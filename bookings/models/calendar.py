from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy


class Resource(models.Model):
    """A person, a room or a thing that an appointment needs; two appointments never share it."""

    class Kind(models.TextChoices):
        PERSON = "person", gettext_lazy("Person")
        ROOM = "room", gettext_lazy("Room")
        THING = "thing", gettext_lazy("Thing")

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.PERSON)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="resource",
        help_text=gettext_lazy("Who signs in to see this diary."),
    )
    is_active = models.BooleanField(default=True, help_text=gettext_lazy("Off: nothing new can be booked."))

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """When the business (or one resource) works on a weekday, by the clocks of the business's zone."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, gettext_lazy("Monday")
        TUESDAY = 1, gettext_lazy("Tuesday")
        WEDNESDAY = 2, gettext_lazy("Wednesday")
        THURSDAY = 3, gettext_lazy("Thursday")
        FRIDAY = 4, gettext_lazy("Friday")
        SATURDAY = 5, gettext_lazy("Saturday")
        SUNDAY = 6, gettext_lazy("Sunday")

    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, validators=[MaxValueValidator(6)])
    opens = models.TimeField()
    closes = models.TimeField(help_text=gettext_lazy("Earlier than it opens: after midnight."))
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, help_text=gettext_lazy("The last day; empty: until further notice.")
    )

    class Meta:
        verbose_name_plural = "hours"
        ordering = ("weekday", "opens", "id")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="hours_valid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CalendarException(models.Model):
    """Days on which the business (or one resource) is closed, or works other hours."""

    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="exceptions"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(
        null=True, blank=True, help_text=gettext_lazy("Earlier than it opens: after midnight.")
    )
    is_closed = models.BooleanField(
        default=False,
        help_text=gettext_lazy("Closed in these hours, instead of open in these only; without hours always."),
    )
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ("first_day", "id")
        indexes = (models.Index(fields=("last_day",), name="exception_by_day"),)
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="exception_days"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="exception_hours",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"


class Occupation(models.Model):
    """A resource is busy from `starts_at` until `ends_at`, buffers included; no two of a resource overlap.

    The bookings of a group share one: those of `service` that begin at `begins_at`.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="occupations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    service = models.ForeignKey(
        "Service", null=True, blank=True, on_delete=models.PROTECT, related_name="occupations"
    )
    begins_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("The start, without the buffer.")
    )

    class Meta:
        ordering = ("starts_at", "id")
        # That none overlap is held by the database itself: bookings/migrations/0003_calendar.py.
        indexes = (models.Index(fields=("resource", "ends_at"), name="occupation_of_resource"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occupation_ends"),
        )

    def __str__(self) -> str:
        return f"{self.resource} {self.starts_at:%Y-%m-%d %H:%M}"

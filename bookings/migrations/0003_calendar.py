import datetime
from typing import Any

import bookings.models.business
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.triggers import apart


def open_the_business(apps: Any, schema_editor: Any) -> None:
    apps.get_model("bookings", "Business").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_people"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(model_name="service", name="buffer_after", field=models.DurationField(default=datetime.timedelta(0), help_text="To clean up.", validators=[django.core.validators.MinValueValidator(datetime.timedelta(0)), django.core.validators.MaxValueValidator(datetime.timedelta(days=31))])),
        migrations.AddField(model_name="service", name="buffer_before", field=models.DurationField(default=datetime.timedelta(0), help_text="To get ready.", validators=[django.core.validators.MinValueValidator(datetime.timedelta(0)), django.core.validators.MaxValueValidator(datetime.timedelta(days=31))])),
        migrations.AddField(model_name="service", name="description", field=models.TextField(blank=True, default="", max_length=2000)),
        migrations.AddField(
            model_name="service", name="horizon", field=models.DurationField(blank=True, help_text="How far ahead it can be booked.", null=True, validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60)), django.core.validators.MaxValueValidator(datetime.timedelta(days=1825))])
        ),
        migrations.AddField(
            model_name="service", name="lead", field=models.DurationField(blank=True, help_text="How long before the start it can be booked at the latest.", null=True, validators=[django.core.validators.MinValueValidator(datetime.timedelta(0)), django.core.validators.MaxValueValidator(datetime.timedelta(days=1825))])
        ),
        migrations.AddField(
            model_name="service",
            name="refund_notice",
            field=models.DurationField(blank=True, help_text="Until how long before the start cancelling gives everything back.", null=True, validators=[django.core.validators.MinValueValidator(datetime.timedelta(0)), django.core.validators.MaxValueValidator(datetime.timedelta(days=1825))]),
        ),
        migrations.AddField(
            model_name="service",
            name="step",
            field=models.DurationField(blank=True, help_text="How far apart the offered times are, counted from the opening.", null=True, validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60)), django.core.validators.MaxValueValidator(datetime.timedelta(days=31))]),
        ),
        migrations.AlterField(model_name="service", name="capacity", field=models.PositiveSmallIntegerField(default=1, help_text="How many bookings may share a time.", validators=[django.core.validators.MinValueValidator(1)])),
        migrations.AlterField(model_name="service", name="duration", field=models.DurationField(validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60)), django.core.validators.MaxValueValidator(datetime.timedelta(days=31))])),
        migrations.CreateModel(
            name="Business",
            fields=[
                ("id", models.PositiveSmallIntegerField(editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("time_zone", models.CharField(default=bookings.models.business.default_zone, max_length=64, validators=[bookings.models.business.known_zone])),
                ("currency", models.CharField(default="gbp", max_length=3, validators=[django.core.validators.RegexValidator("^[a-z]{3}\\Z", "Use a lowercase ISO 4217 code, like gbp.")])),
                ("address", models.TextField(blank=True, default="", max_length=500)),
                ("phone", models.CharField(blank=True, default="", max_length=32)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("website", models.URLField(blank=True, default="")),
                (
                    "step",
                    models.DurationField(default=datetime.timedelta(seconds=900), help_text="How far apart the offered times are, counted from the opening.", validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60)), django.core.validators.MaxValueValidator(datetime.timedelta(days=31))]),
                ),
                ("lead", models.DurationField(default=datetime.timedelta(0), help_text="How long before the start a time can be booked at the latest.", validators=[django.core.validators.MinValueValidator(datetime.timedelta(0)), django.core.validators.MaxValueValidator(datetime.timedelta(days=1825))])),
                ("horizon", models.DurationField(default=datetime.timedelta(days=365), help_text="How far ahead a time can be booked.", validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60)), django.core.validators.MaxValueValidator(datetime.timedelta(days=1825))])),
            ],
            options={"verbose_name_plural": "business", "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="business_is_one"), models.CheckConstraint(condition=models.Q(("step__gt", datetime.timedelta(0))), name="business_step")]},
        ),
        migrations.CreateModel(
            name="Occupation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("begins_at", models.DateTimeField(blank=True, help_text="The start, without the buffer.", null=True)),
                ("service", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="occupations", to="bookings.service")),
            ],
            options={"ordering": ("starts_at", "id")},
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(choices=[("person", "Person"), ("room", "Room"), ("thing", "Thing")], default="person", max_length=6)),
                ("is_active", models.BooleanField(default=True, help_text="Off: nothing new can be booked.")),
                ("user", models.OneToOneField(blank=True, help_text="Who signs in to see this diary.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="resource", to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ("name", "id")},
        ),
        migrations.AddField(model_name="occupation", name="resource", field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="occupations", to="bookings.resource")),
        migrations.CreateModel(
            name="Hours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField(choices=[(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday"), (5, "Saturday"), (6, "Sunday")], validators=[django.core.validators.MaxValueValidator(6)])),
                ("opens", models.TimeField()),
                ("closes", models.TimeField(help_text="Earlier than it opens: after midnight.")),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, help_text="The last day; empty: until further notice.", null=True)),
                ("resource", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="bookings.resource")),
            ],
            options={"verbose_name_plural": "hours", "ordering": ("weekday", "opens", "id")},
        ),
        migrations.CreateModel(
            name="CalendarException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opens", models.TimeField(blank=True, null=True)),
                ("closes", models.TimeField(blank=True, help_text="Earlier than it opens: after midnight.", null=True)),
                ("is_closed", models.BooleanField(default=False, help_text="Closed in these hours, instead of open in these only; without hours always.")),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("resource", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="exceptions", to="bookings.resource")),
            ],
            options={"ordering": ("first_day", "id")},
        ),
        migrations.AddField(model_name="service", name="resources", field=models.ManyToManyField(blank=True, help_text="Who or what can do it; each one alone can.", related_name="services", to="bookings.resource")),
        migrations.AddConstraint(model_name="service", constraint=models.CheckConstraint(condition=models.Q(("buffer_after__gte", datetime.timedelta(0)), ("buffer_before__gte", datetime.timedelta(0))), name="service_buffers_not_negative")),
        migrations.AddConstraint(model_name="service", constraint=models.CheckConstraint(condition=models.Q(("step__isnull", True), ("step__gt", datetime.timedelta(0)), _connector="OR"), name="service_step")),
        migrations.AddIndex(model_name="occupation", index=models.Index(fields=["resource", "ends_at"], name="occupation_of_resource")),
        migrations.AddConstraint(model_name="occupation", constraint=models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="occupation_ends")),
        migrations.AddConstraint(model_name="hours", constraint=models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="hours_weekday")),
        migrations.AddConstraint(model_name="hours", constraint=models.CheckConstraint(condition=models.Q(("valid_from__isnull", True), ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"), name="hours_valid")),
        migrations.AddIndex(model_name="calendarexception", index=models.Index(fields=["last_day"], name="exception_by_day")),
        migrations.AddConstraint(model_name="calendarexception", constraint=models.CheckConstraint(condition=models.Q(("last_day__gte", models.F("first_day"))), name="exception_days")),
        migrations.AddConstraint(model_name="calendarexception", constraint=models.CheckConstraint(condition=models.Q(models.Q(("closes__isnull", True), ("opens__isnull", True)), models.Q(("closes__isnull", False), ("opens__isnull", False)), _connector="OR"), name="exception_hours")),
        apart("bookings_occupation", "resource_id", name="occupation_apart"),
        migrations.RunPython(open_the_business, migrations.RunPython.noop),
    ]

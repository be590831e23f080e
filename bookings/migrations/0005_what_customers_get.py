import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_people"),
        ("bookings", "0004_as_it_was_sold"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoReminders",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="no_reminders",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "no reminders",
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="language",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the request that made it; the account's goes first.",
                max_length=2,
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="vat_rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="In per cent, as it was sold.",
                max_digits=5,
                null=True,
                verbose_name="VAT rate",
            ),
        ),
        migrations.AddField(
            model_name="business",
            name="logo",
            field=models.URLField(
                blank=True,
                default="",
                help_text="The address of a picture, shown in mails and on customers' pages.",
            ),
        ),
        migrations.AddField(
            model_name="business",
            name="remind_day_before",
            field=models.BooleanField(default=True, help_text="Remind customers the day before."),
        ),
        migrations.AddField(
            model_name="business",
            name="remind_hours_before",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="Remind them this many hours before the start; 0: don't. At night nobody is reminded.",
                validators=[django.core.validators.MaxValueValidator(336)],
            ),
        ),
        migrations.AddField(
            model_name="business",
            name="remind_hours_before_free_ends",
            field=models.PositiveSmallIntegerField(
                default=12,
                help_text="Remind them this many hours before free cancellation ends; 0: don't.",
                validators=[django.core.validators.MaxValueValidator(336)],
            ),
        ),
        migrations.AddField(
            model_name="business",
            name="vat_number",
            field=models.CharField(blank=True, default="", max_length=32, verbose_name="VAT number"),
        ),
        migrations.AddField(
            model_name="service",
            name="sends_reminders",
            field=models.BooleanField(default=True, help_text="Off: nobody is reminded of it."),
        ),
        migrations.AddField(
            model_name="service",
            name="vat_rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="In per cent, contained in the price, shown on receipts; empty: no VAT is shown.",
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(99),
                ],
                verbose_name="VAT rate",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.indexes import covered_by_another, never_searched_by_prefix


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0005_what_customers_get"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        never_searched_by_prefix("bookings_booking", "reference"),
        never_searched_by_prefix("bookings_message", "key"),
        # Not by AlterField alone: on SQLite that makes the table anew, without its triggers.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                covered_by_another("bookings_auditentry", "booking_id"),
                covered_by_another("bookings_booking", "customer_id", "resource_id"),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="auditentry",
                    name="booking",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_entries",
                        to="bookings.booking",
                    ),
                ),
                migrations.AlterField(
                    model_name="booking",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="booking",
                    name="resource",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="bookings.resource",
                    ),
                ),
            ],
        ),
    ]

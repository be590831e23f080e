from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def copy_what_was_sold(apps: Any, schema_editor: Any) -> None:
    """Bookings made before know their service's name and the end of free cancellation by themselves too."""
    apps.get_model("bookings", "Booking").objects.update(
        service_name=Subquery(
            apps.get_model("bookings", "Service").objects.filter(pk=OuterRef("service")).values("name")
        ),
        refundable_until=F("starts_at") - F("refund_notice"),
    )


class Migration(migrations.Migration):
    dependencies = (("bookings", "0003_calendar"),)

    operations = [
        migrations.AddField(
            model_name="booking",
            name="arrived_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="booking",
            name="moves",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="How often it was moved."
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="note",
            field=models.TextField(
                blank=True, default="", help_text="For staff, for the day.", max_length=1000
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="pay_at",
            field=models.CharField(
                choices=[("app", "In the app"), ("desk", "At the desk")], default="app", max_length=4
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="refundable_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="booking",
            name="service_name",
            field=models.CharField(default="", help_text="As it was sold.", max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(copy_what_was_sold, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="booking",
            name="refundable_until",
            field=models.DateTimeField(help_text="Until then cancelling gives everything back."),
        ),
        migrations.AlterField(
            model_name="booking",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending_payment", "Waiting for payment"),
                    ("confirmed", "Confirmed"),
                    ("cancelled", "Cancelled"),
                    ("expired", "Expired unpaid"),
                    ("completed", "Completed"),
                    ("no_show", "Did not come"),
                ],
                default="pending_payment",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="occupation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="What keeps its place free; gone when it needs none.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="bookings",
                to="bookings.occupation",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.resource",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("resource__isnull", False)),
                fields=["resource", "starts_at"],
                name="booking_of_resource",
            ),
        ),
    ]

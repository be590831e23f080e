import django.db.models.deletion
from django.db import migrations, models

# What is there already, as payments/books/totals.py adds it up.
FILL = """
    INSERT INTO payments_monthtotal
        (month, currency, category, network, service_id, resource_id, amount, fee, lines)
    SELECT line.month, line.currency, line.category, line.network, booking.service_id, booking.resource_id,
        SUM(line.amount), SUM(line.fee), COUNT(*)
    FROM payments_balanceline line
        LEFT JOIN payments_payment payment ON payment.id = line.payment_id
        LEFT JOIN bookings_booking booking ON booking.id = payment.booking_id
    WHERE line.month IS NOT NULL AND line.counts
    GROUP BY line.month, line.currency, line.category, line.network, booking.service_id, booking.resource_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0006_fewer_indexes"),
        ("payments", "0007_fewer_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("category", models.CharField(max_length=64)),
                ("network", models.CharField(blank=True, default="", max_length=20)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.service",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.resource",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["month", "category"], name="total_of_month")]},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="balanceline", name="line_by_month"),
        migrations.AddIndex(
            model_name="balanceline",
            index=models.Index(
                fields=["month", "occurred_at", "id"],
                include=("currency", "category", "network", "net", "counts"),
                name="line_in_month",
            ),
        ),
    ]

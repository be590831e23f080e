import django.db.models.deletion
from django.db import migrations, models

from core.triggers import written_once


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_never_emptied"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("issued_at", models.DateTimeField()),
                ("seller_name", models.CharField(blank=True, default="", max_length=120)),
                ("seller_address", models.TextField(blank=True, default="", max_length=500)),
                ("seller_phone", models.CharField(blank=True, default="", max_length=32)),
                ("seller_email", models.EmailField(blank=True, default="", max_length=254)),
                ("seller_website", models.URLField(blank=True, default="")),
                (
                    "seller_vat_number",
                    models.CharField(
                        blank=True, default="", max_length=32, verbose_name="seller's VAT number"
                    ),
                ),
                ("buyer_name", models.CharField(blank=True, default="", max_length=150)),
                ("buyer_email", models.EmailField(blank=True, default="", max_length=254)),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="payments.paymenttransaction",
                    ),
                ),
            ],
        ),
        written_once(
            "payments_receipt",
            fixed=(
                "number",
                "line_id",
                "issued_at",
                "seller_name",
                "seller_address",
                "seller_phone",
                "seller_email",
                "seller_website",
                "seller_vat_number",
            ),
        ),
    ]

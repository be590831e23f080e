from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_receipts"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="method",
            field=models.CharField(
                blank=True, help_text="What paid, in Stripe's words.", max_length=32, null=True
            ),
        ),
    ]

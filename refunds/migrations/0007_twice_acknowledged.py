from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0006_asked_is_not_committed"),
    ]

    # Null, so that SQLite adds the column and keeps the table with its triggers.
    operations = [
        migrations.AddField(
            model_name="refundrecord",
            name="twice_acknowledged",
            field=models.PositiveIntegerField(
                blank=True,
                help_text=(
                    "Minor units that may be paid twice and that staff have looked at; more is shown again."
                ),
                null=True,
            ),
        ),
    ]

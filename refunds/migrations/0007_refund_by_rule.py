from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_desk_lists"),
        ("payments", "0004_event_came_by"),
        ("refunds", "0006_closures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="refundrecord",
            index=models.Index(fields=["rule", "-requested_at"], name="refund_by_rule"),
        ),
    ]

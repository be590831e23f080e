from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Staff look customers up by their address, in whatever case; Django indexes only user names.
        migrations.RunSQL(
            "CREATE INDEX user_by_email ON auth_user (LOWER(email))", "DROP INDEX user_by_email"
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["status", "-created_at", "-id"], name="booking_by_status"),
        ),
    ]

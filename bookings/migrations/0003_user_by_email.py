from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("bookings", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    # Staff look customers up by their address, in whatever case; Django indexes only user names.
    operations = (
        migrations.RunSQL(
            "CREATE INDEX user_by_email ON auth_user (LOWER(email))", "DROP INDEX user_by_email"
        ),
    )

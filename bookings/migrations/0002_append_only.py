from django.db import migrations

from bookings.triggers import append_only


class Migration(migrations.Migration):
    dependencies = (("bookings", "0001_house"),)
    operations = (append_only("bookings_auditentry"),)

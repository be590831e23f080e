from django.db import migrations

from bookings.triggers import append_only


class Migration(migrations.Migration):
    dependencies = (("payments", "0001_house"),)
    operations = (append_only("payments_paymenttransaction"),)

"""TRUNCATE passes the triggers of single rows by: it is refused on the trail and on the books, too."""

from django.db import migrations

from core.triggers import never_emptied


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_purchase_trace"), ("bookings", "0001_initial")]

    operations = [
        never_emptied("bookings_auditentry"),
        never_emptied("payments_paymenttransaction"),
        never_emptied("payments_balanceline"),
        never_emptied("payments_closedmonth"),
        never_emptied("payments_payout"),
    ]

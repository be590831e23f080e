from django.db import migrations

from core.indexes import never_searched_by_prefix


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_method")]

    operations = [
        never_searched_by_prefix("payments_payment", "stripe_payment_intent_id", "stripe_charge_id"),
        never_searched_by_prefix("payments_webhookevent", "stripe_event_id"),
    ]

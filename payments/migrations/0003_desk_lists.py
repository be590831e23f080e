from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_desk_lists"),
        ("payments", "0002_append_only"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="webhookevent",
            options={
                "ordering": ("-received_at", "-id"),
                "permissions": (("replay_event", "Can apply a stored Stripe event again"),),
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["status", "-created_at"], name="payment_by_status"),
        ),
        migrations.AddIndex(
            model_name="paymenttransaction",
            index=models.Index(fields=["kind", "-occurred_at", "-id"], name="transaction_by_kind"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["type", "-received_at", "-id"], name="event_by_type"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "failed", "refused"))),
                fields=["status", "-received_at", "-id"],
                name="event_in_trouble",
            ),
        ),
    ]

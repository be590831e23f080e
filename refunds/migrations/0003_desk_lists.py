from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_desk_lists"),
        ("payments", "0003_desk_lists"),
        ("refunds", "0002_within_payment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="refundrecord",
            options={
                "ordering": ("-requested_at",),
                "permissions": (
                    ("retry_refund", "Can send a refund that failed once more"),
                    ("hold_refund", "Can put a refund on hold and release it"),
                    ("withdraw_refund", "Can withdraw a refund that was not sent yet"),
                    ("ask_stripe", "Can ask Stripe how a refund stands"),
                    ("give_goodwill", "Can give money back as goodwill"),
                    ("approve_refund", "Can approve another person's refund"),
                    ("mark_paid_otherwise", "Can mark a refund as paid by other means"),
                ),
            },
        ),
        migrations.AddIndex(
            model_name="refundrecord",
            index=models.Index(
                condition=models.Q(("may_be_paid_twice", True)),
                fields=["-requested_at"],
                name="refund_maybe_twice",
            ),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from core.triggers import per_vendor

# As in 0001, with what was given by other means and what closed chargebacks took, each once.
ON_ITS_WAY = "('queued','sending','unknown','pending','on_hold','needs_attention')"
SPENT = "('queued','sending','unknown','pending','on_hold','needs_attention','succeeded','paid_otherwise')"

PAID = """COALESCE(
    (SELECT SUM(amount) FROM payments_paymenttransaction
      WHERE payment_id = NEW.payment_id AND kind = 'payment'),
    (SELECT amount FROM payments_payment WHERE id = NEW.payment_id))"""
COMMITTED = f"""COALESCE(
    (SELECT SUM(paid_otherwise + CASE WHEN status IN {SPENT} THEN amount ELSE 0 END)
       FROM refunds_refundrecord WHERE payment_id = NEW.payment_id AND id <> NEW.id), 0)"""
CHARGED_BACK = """COALESCE(
    (SELECT SUM(CASE WHEN status = 'lost' THEN amount WHEN withdrawn > 0 THEN withdrawn ELSE 0 END)
       FROM refunds_dispute
      WHERE payment_id = NEW.payment_id AND NOT is_open AND NOT is_charge_refundable), 0)"""
TOO_MUCH = f"{COMMITTED} + {CHARGED_BACK} + NEW.paid_otherwise + NEW.amount > {PAID}"

NEWLY = f"NEW.rule <> 'dashboard' AND NEW.status IN {ON_ITS_WAY}"
# Only Stripe makes a record pending.
AGAIN = f"{NEWLY} AND NEW.status <> 'pending' AND (OLD.status NOT IN {SPENT} OR NEW.amount > OLD.amount)"
REFUSAL = "refunds exceed the payment"
TRIGGERS = (
    ("refund_within_payment_new", "INSERT", NEWLY),
    ("refund_within_payment_again", "UPDATE OF status, amount", AGAIN),
)


def sqlite_trigger(name: str, event: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {event} ON refunds_refundrecord WHEN {when}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}') WHERE {TOO_MUCH}; END"""


POSTGRESQL_FUNCTION = f"""CREATE OR REPLACE FUNCTION refunds_within_payment() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM bookings_booking WHERE id = NEW.booking_id FOR NO KEY UPDATE;
        IF {TOO_MUCH} THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0001_initial"),
        ("payments", "0006_method"),
        ("refunds", "0003_who_answers"),
    ]

    operations = [
        # SQLite makes a table anew for a column, which its triggers don't survive.
        per_vendor(
            postgresql=(),
            sqlite=tuple(f"DROP TRIGGER {name}" for name, _, _ in TRIGGERS),
            undo_postgresql=(),
            undo_sqlite=(),
        ),
        migrations.RemoveConstraint(model_name="refundrecord", name="refund_one_per_cancellation"),
        migrations.AddField(
            model_name="refundrecord",
            name="asked_by",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Who asked for what a second person has to approve.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="refundrecord",
            name="destination",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Where it goes, in Stripe's words; empty is a card.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="refundrecord",
            name="paid_otherwise",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Minor units that were given by other means before Stripe sent it after all.",
            ),
        ),
        migrations.AddField(
            model_name="refundrecord",
            name="rest_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The record that owed this first; a part of it was given otherwise, which was undone.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rests",
                to="refunds.refundrecord",
            ),
        ),
        migrations.AlterField(
            model_name="refundrecord",
            name="held_for",
            field=models.CharField(
                blank=True, default="", help_text="dispute, staff, approval or withdrawal", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="refundrecord",
            constraint=models.UniqueConstraint(
                condition=Q(
                    rest_of=None, rule__in=("in_time", "too_late", "nothing_paid", "business_cancelled")
                ),
                fields=("booking",),
                name="refund_one_per_cancellation",
            ),
        ),
        per_vendor(
            postgresql=(POSTGRESQL_FUNCTION,),
            sqlite=tuple(sqlite_trigger(*trigger) for trigger in TRIGGERS),
            undo_postgresql=(),
            undo_sqlite=(),
        ),
    ]

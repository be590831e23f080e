"""What we commit to give back never exceeds what was paid, whoever writes the row.

What Stripe reports is exempt: it is recorded even where it breaks our arithmetic.
"""

from django.db import migrations

from bookings.triggers import per_vendor

ON_ITS_WAY = "('queued','sending','unknown','pending','on_hold','needs_attention')"
SPENT = "('queued','sending','unknown','pending','on_hold','needs_attention','succeeded','paid_otherwise')"

PAID = """COALESCE(
    (SELECT SUM(amount) FROM payments_paymenttransaction
      WHERE payment_id = NEW.payment_id AND kind = 'payment'),
    (SELECT amount FROM payments_payment WHERE id = NEW.payment_id))"""
COMMITTED = f"""COALESCE(
    (SELECT SUM(amount) FROM refunds_refundrecord
      WHERE payment_id = NEW.payment_id AND id <> NEW.id AND status IN {SPENT}), 0)"""

NEWLY = f"NEW.rule <> 'dashboard' AND NEW.status IN {ON_ITS_WAY}"
# Only Stripe makes a record pending.
AGAIN = f"{NEWLY} AND NEW.status <> 'pending' AND (OLD.status NOT IN {SPENT} OR NEW.amount > OLD.amount)"
REFUSAL = "refunds exceed the payment"


def sqlite_trigger(name: str, event: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {event} ON refunds_refundrecord WHEN {when}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}') WHERE {COMMITTED} + NEW.amount > {PAID}; END"""


def postgresql_trigger(name: str, event: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {event} ON refunds_refundrecord
        FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refunds_within_payment()"""


# The lock makes writers that bypass the application wait in line too.
POSTGRESQL_FUNCTION = f"""CREATE FUNCTION refunds_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM bookings_booking WHERE id = NEW.booking_id FOR NO KEY UPDATE;
        IF {COMMITTED} + NEW.amount > {PAID} THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$"""

TRIGGERS = (
    ("refund_within_payment_new", "INSERT", NEWLY),
    ("refund_within_payment_again", "UPDATE OF status, amount", AGAIN),
)


class Migration(migrations.Migration):
    dependencies = (
        ("refunds", "0001_house"),
        ("payments", "0002_append_only"),
        ("bookings", "0002_append_only"),
    )
    operations = (
        per_vendor(
            postgresql=(POSTGRESQL_FUNCTION, *(postgresql_trigger(*t) for t in TRIGGERS)),
            sqlite=tuple(sqlite_trigger(*t) for t in TRIGGERS),
            undo_postgresql=("DROP FUNCTION refunds_within_payment() CASCADE",),
            undo_sqlite=tuple(f"DROP TRIGGER {name}" for name, _, _ in TRIGGERS),
        ),
    )

from django.db import migrations

from core.triggers import per_vendor

# As in 0004, but goodwill that only waits for approval is promised to nobody: it counts once it is approved.
ON_ITS_WAY = "('queued','sending','unknown','pending','on_hold','needs_attention')"
SPENT = "('queued','sending','unknown','pending','on_hold','needs_attention','succeeded','paid_otherwise')"
ASKED = "(rule = 'goodwill' AND status = 'on_hold' AND held_for = 'approval')"

PAID = """COALESCE(
    (SELECT SUM(amount) FROM payments_paymenttransaction
      WHERE payment_id = NEW.payment_id AND kind = 'payment'),
    (SELECT amount FROM payments_payment WHERE id = NEW.payment_id))"""
COMMITTED = f"""COALESCE(
    (SELECT SUM(paid_otherwise + CASE WHEN status IN {SPENT} AND NOT {ASKED} THEN amount ELSE 0 END)
       FROM refunds_refundrecord WHERE payment_id = NEW.payment_id AND id <> NEW.id), 0)"""
CHARGED_BACK = """COALESCE(
    (SELECT SUM(CASE WHEN status = 'lost' THEN amount WHEN withdrawn > 0 THEN withdrawn ELSE 0 END)
       FROM refunds_dispute
      WHERE payment_id = NEW.payment_id AND NOT is_open AND NOT is_charge_refundable), 0)"""
TOO_MUCH = f"{COMMITTED} + {CHARGED_BACK} + NEW.paid_otherwise + NEW.amount > {PAID}"

NEWLY = f"NEW.rule <> 'dashboard' AND NEW.status IN {ON_ITS_WAY}"
FRESH = f"OLD.status NOT IN {SPENT} OR (OLD.held_for = 'approval' AND NEW.held_for <> 'approval')"
# Only Stripe makes a record pending.
AGAIN = f"{NEWLY} AND NEW.status <> 'pending' AND ({FRESH} OR NEW.amount > OLD.amount)"
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


def postgresql_trigger(name: str, event: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {event} ON refunds_refundrecord
        FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refunds_within_payment()"""


class Migration(migrations.Migration):
    dependencies = [("refunds", "0005_closed_time")]

    operations = [
        per_vendor(
            postgresql=(
                POSTGRESQL_FUNCTION,
                *(f"DROP TRIGGER {name} ON refunds_refundrecord" for name, _, _ in TRIGGERS),
                *(postgresql_trigger(*trigger) for trigger in TRIGGERS),
            ),
            sqlite=(
                *(f"DROP TRIGGER {name}" for name, _, _ in TRIGGERS),
                *(sqlite_trigger(*trigger) for trigger in TRIGGERS),
            ),
            undo_postgresql=(),
            undo_sqlite=(),
        )
    ]

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.triggers import per_vendor

# What we commit to give back never exceeds what was paid, whoever writes the row.
# What Stripe reports is exempt: it is recorded even where it breaks our arithmetic.
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

    initial = True

    dependencies = [
        ('bookings', '0001_initial'),
        ('payments', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reason', models.TextField(blank=True, default='', help_text="For staff; customers aren't told.")),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-requested_at',),
                'permissions': (('cancel_for_business', 'Can cancel bookings for the business'),),
            },
        ),
        migrations.CreateModel(
            name='EarlyFraudWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_id', models.CharField(max_length=255, unique=True)),
                ('fraud_type', models.CharField(max_length=64)),
                ('actionable', models.BooleanField(default=True)),
                ('warned_at', models.DateTimeField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fraud_warnings', to='bookings.booking')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fraud_warnings', to='payments.payment')),
            ],
            options={
                'ordering': ('-warned_at',),
                'permissions': (('refund_first', 'Can refund a payment that is suspected of fraud'),),
            },
        ),
        migrations.CreateModel(
            name='ReconciliationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(help_text='worker, command or admin', max_length=16)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('counts', models.JSONField(default=dict, help_text='How many of each were looked at.')),
                ('healed', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0, help_text='What it could not heal.')),
                ('drift', models.JSONField(default=dict, help_text="Our statement less Stripe's, minor units by currency.")),
                ('error', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'ordering': ('-started_at', '-id'),
                'permissions': (('reconcile', "Can compare the books with Stripe's"),),
                'indexes': [models.Index(fields=['-started_at', '-id'], name='run_newest')],
            },
        ),
        migrations.CreateModel(
            name='ClosureItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('cancelled', 'Cancelled'), ('refused', "Can't be cancelled"), ('failed', 'Failed, can be resumed')], default='waiting', max_length=10)),
                ('code', models.CharField(blank=True, default='', help_text='The rule, or why not.', max_length=64)),
                ('amount', models.PositiveIntegerField(default=0, help_text='Given back, in minor units.')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bookings.booking')),
                ('closure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='refunds.closure')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('outcome', 'waiting')), fields=['id'], name='closure_item_due')],
                'constraints': [models.UniqueConstraint(fields=('closure', 'booking'), name='closure_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_dispute_id', models.CharField(max_length=255, unique=True)),
                ('amount', models.PositiveIntegerField(help_text='Minor units.')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('reason', models.CharField(max_length=64)),
                ('status', models.CharField(max_length=64)),
                ('is_open', models.BooleanField(default=True)),
                ('is_charge_refundable', models.BooleanField(default=False)),
                ('withdrawn', models.IntegerField(default=0, help_text='Taken from us and not returned, in minor units.')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('heard_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When Stripe last told us all this.')),
                ('evidence_due_by', models.DateTimeField(blank=True, null=True)),
                ('reminded_days', models.PositiveSmallIntegerField(blank=True, help_text='How many days before the deadline staff were last mailed.', null=True)),
                ('evidence', models.JSONField(blank=True, default=dict, help_text="Staff's draft.")),
                ('staged_at', models.DateTimeField(blank=True, null=True)),
                ('handing_in_until', models.DateTimeField(blank=True, help_text='Somebody is submitting; nobody else may.', null=True)),
                ('submissions', models.PositiveSmallIntegerField(default=0, help_text='Times Stripe was given evidence.')),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('resolution', models.TextField(blank=True, default='')),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='bookings.booking')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.payment')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-opened_at', '-id'),
                'permissions': (('stage_evidence', 'Can prepare evidence'), ('submit_evidence', 'Can submit evidence'), ('accept_dispute', 'Can accept a dispute'), ('refund_dispute', 'Can refund an inquiry'), ('resolve_dispute', 'Can close a dispute with a note')),
                'indexes': [models.Index(fields=['-opened_at', '-id'], name='dispute_newest'), models.Index(condition=models.Q(('is_open', True)), fields=['evidence_due_by'], name='dispute_deadline')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('missing_here', "Stripe has it, we don't"), ('missing_there', "We have it, Stripe doesn't"), ('state', 'In another state'), ('amount', 'Another amount or currency'), ('record_lost', 'Made here, but its record is lost')], max_length=16)),
                ('subject', models.CharField(help_text='payment_intent, refund, dispute or movement', max_length=20)),
                ('stripe_id', models.CharField(max_length=255)),
                ('detail', models.JSONField(default=dict, help_text='Ours and theirs; no personal data.')),
                ('first_seen', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('last_seen', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_by', models.CharField(blank=True, default='', help_text='system or staff:3', max_length=64)),
                ('resolution', models.TextField(blank=True, default='')),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='bookings.booking')),
            ],
            options={
                'ordering': ('-first_seen', '-id'),
                'permissions': (('accept_finding', 'Can close a difference from Stripe with a note'),),
                'indexes': [models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['-first_seen', '-id'], name='finding_open')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'stripe_id'), name='finding_once')],
            },
        ),
        migrations.CreateModel(
            name='RefundRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount', models.PositiveIntegerField(help_text='Minor units; 0 only when nothing is owed.')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('status', models.CharField(choices=[('not_due', 'Nothing owed'), ('queued', 'Queued'), ('sending', 'Being sent'), ('unknown', 'Outcome unknown'), ('pending', 'Pending at Stripe'), ('succeeded', 'Refunded'), ('failed', 'Returned by the bank'), ('canceled', 'Cancelled at Stripe'), ('on_hold', 'On hold'), ('needs_attention', 'Needs a person'), ('superseded', 'Already refunded otherwise'), ('withdrawn', 'Withdrawn'), ('settled_by_dispute', 'Settled by a dispute'), ('paid_otherwise', 'Paid by other means')], default='queued', max_length=20)),
                ('rule', models.CharField(choices=[('in_time', 'Cancelled in time'), ('too_late', 'Cancelled too late'), ('nothing_paid', 'Nothing was paid'), ('business_cancelled', 'Cancelled by the business'), ('goodwill', 'Goodwill'), ('orphaned_payment', "Payment that can't stay"), ('dashboard', 'Made at Stripe')], max_length=20)),
                ('decision', models.JSONField(default=dict, help_text="The policy's inputs and its answer.")),
                ('requested_by', models.CharField(help_text='customer:7, staff:3, system, stripe', max_length=64)),
                ('reason', models.TextField(blank=True, default='')),
                ('request_id', models.CharField(blank=True, default='', help_text='The request that caused it, as in the logs.', max_length=64)),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('stripe_refund_id', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('failure_reason', models.CharField(blank=True, default='', max_length=64)),
                ('bank_reference', models.CharField(blank=True, default='', max_length=64)),
                ('held_for', models.CharField(blank=True, default='', help_text='dispute, staff or approval', max_length=10)),
                ('may_be_paid_twice', models.BooleanField(default=False, help_text='A chargeback came while it was under way.')),
                ('generation', models.PositiveIntegerField(default=1, help_text='Part of the idempotency key; grows when a person retries.')),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('first_sent_at', models.DateTimeField(blank=True, help_text="When this generation's key was first used.", null=True)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='bookings.booking')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment')),
            ],
            options={
                'ordering': ('-requested_at',),
                'permissions': (('retry_refund', 'Can send a refund that failed once more'), ('hold_refund', 'Can put a refund on hold and release it'), ('withdraw_refund', 'Can withdraw a refund that was not sent yet'), ('ask_stripe', 'Can ask Stripe how a refund stands'), ('give_goodwill', 'Can give money back as goodwill'), ('approve_refund', "Can approve another person's refund"), ('mark_paid_otherwise', 'Can mark a refund as paid by other means')),
                'indexes': [models.Index(condition=models.Q(('may_be_paid_twice', True)), fields=['-requested_at'], name='refund_maybe_twice'), models.Index(fields=['-requested_at'], name='refund_newest'), models.Index(fields=['status', '-requested_at'], name='refund_by_status'), models.Index(fields=['rule', '-requested_at'], name='refund_by_rule'), models.Index(condition=models.Q(('status__in', ('queued', 'sending', 'unknown'))), fields=['requested_at'], name='refund_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rule__in', ('in_time', 'too_late', 'nothing_paid', 'business_cancelled'))), fields=('booking',), name='refund_one_per_cancellation'), models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), ('status', 'not_due')), models.Q(('amount__gt', 0), models.Q(('status', 'not_due'), _negated=True)), _connector='OR'), name='refund_amount_when_due')],
            },
        ),
        per_vendor(
            postgresql=(POSTGRESQL_FUNCTION, *(postgresql_trigger(*t) for t in TRIGGERS)),
            sqlite=tuple(sqlite_trigger(*t) for t in TRIGGERS),
            undo_postgresql=('DROP FUNCTION refunds_within_payment() CASCADE',),
            undo_sqlite=tuple(f'DROP TRIGGER {name}' for name, _, _ in TRIGGERS),
        ),
    ]

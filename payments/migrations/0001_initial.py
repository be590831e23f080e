import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.triggers import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bookings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount', models.PositiveIntegerField(help_text='Asked for, in minor units.')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('status', models.CharField(choices=[('open', 'Waiting for the customer'), ('processing', 'Processing at the bank'), ('succeeded', 'Paid'), ('canceled', 'Cancelled unpaid')], default='open', max_length=12)),
                ('orphaned', models.BooleanField(default=False, help_text="The money arrived where it can't stay, and goes back.")),
                ('stripe_payment_intent_id', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('stripe_charge_id', models.CharField(blank=True, db_index=True, default='', max_length=255)),
                ('card_brand', models.CharField(blank=True, default='', max_length=20)),
                ('card_last4', models.CharField(blank=True, default='', max_length=4)),
                ('last_error', models.CharField(blank=True, default='', max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='bookings.booking')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='PaymentTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('payment', 'Payment'), ('refund', 'Refund'), ('refund_returned', 'Refund returned'), ('chargeback', 'Chargeback'), ('chargeback_returned', 'Chargeback returned'), ('dispute_fee', 'Dispute fee')], max_length=20)),
                ('amount', models.IntegerField(help_text='Minor units; money to us is positive.')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('stripe_id', models.CharField(max_length=255)),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='bookings.booking')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='payments.payment')),
            ],
            options={
                'ordering': ('-occurred_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='StripeCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stripe_customer_id', models.CharField(max_length=255, null=True, unique=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stripe_customer', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_event_id', models.CharField(max_length=255, unique=True)),
                ('type', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('pending', 'Waiting'), ('processed', 'Processed'), ('ignored', 'No effect'), ('refused', 'Refused'), ('failed', 'Failed')], max_length=12)),
                ('came_by', models.CharField(choices=[('webhook', 'Delivered by Stripe'), ('reconcile', 'Fetched by us')], default='webhook', max_length=12)),
                ('payload', models.JSONField(help_text='As Stripe sent it; emptied after a while.', null=True)),
                ('object_id', models.CharField(blank=True, default='', max_length=255)),
                ('note', models.CharField(blank=True, default='', help_text='What it did.', max_length=200)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, default='', max_length=200)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When it happened at Stripe.')),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('processed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-received_at', '-id'),
                'permissions': (('replay_event', 'Can apply a stored Stripe event again'),),
                'indexes': [models.Index(fields=['-received_at', '-id'], name='event_newest'), models.Index(fields=['type', '-received_at', '-id'], name='event_by_type'), models.Index(condition=models.Q(('status__in', ('pending', 'failed', 'refused'))), fields=['status', '-received_at', '-id'], name='event_in_trouble'), models.Index(fields=['object_id'], name='event_by_object'), models.Index(condition=models.Q(('status__in', ('pending', 'failed'))), fields=['next_attempt_at'], name='event_due'), models.Index(condition=models.Q(('payload__isnull', False)), fields=['received_at'], name='event_with_payload')],
            },
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['-created_at'], name='payment_newest'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['status', '-created_at'], name='payment_by_status'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('open', 'processing'))), fields=('booking',), name='payment_one_unpaid_per_booking'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('orphaned', False), ('status', 'succeeded')), fields=('booking',), name='payment_one_kept_per_booking'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount_positive'),
        ),
        migrations.AddIndex(
            model_name='paymenttransaction',
            index=models.Index(fields=['-occurred_at', '-id'], name='transaction_newest'),
        ),
        migrations.AddIndex(
            model_name='paymenttransaction',
            index=models.Index(fields=['currency', 'occurred_at'], name='transaction_by_period'),
        ),
        migrations.AddIndex(
            model_name='paymenttransaction',
            index=models.Index(fields=['stripe_id'], name='transaction_by_stripe_id'),
        ),
        migrations.AddIndex(
            model_name='paymenttransaction',
            index=models.Index(fields=['kind', '-occurred_at', '-id'], include=('currency', 'amount'), name='transaction_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='paymenttransaction',
            constraint=models.UniqueConstraint(fields=('kind', 'stripe_id'), name='transaction_once'),
        ),
        migrations.AddConstraint(
            model_name='paymenttransaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ('payment', 'refund_returned', 'chargeback_returned'))), models.Q(('amount__lt', 0), ('kind__in', ('refund', 'chargeback'))), ('kind', 'dispute_fee'), _connector='OR'), name='transaction_sign'),
        ),
        append_only('payments_paymenttransaction'),
    ]

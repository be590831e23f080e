import bookings.models
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.triggers import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('duration', models.DurationField(validators=[django.core.validators.MinValueValidator(datetime.timedelta(seconds=60))])),
                ('price', models.PositiveIntegerField(help_text='In minor units: 4500 is £45.00.', validators=[django.core.validators.MinValueValidator(1)])),
                ('currency', models.CharField(default='gbp', max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('capacity', models.PositiveSmallIntegerField(default=1, help_text='How many bookings may overlap.', validators=[django.core.validators.MinValueValidator(1)])),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('name', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='service_price_positive'), models.CheckConstraint(condition=models.Q(('capacity__gt', 0)), name='service_capacity_positive'), models.CheckConstraint(condition=models.Q(('duration__gt', datetime.timedelta(0))), name='service_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=bookings.models.new_reference, editable=False, max_length=11, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('amount', models.PositiveIntegerField(help_text='Minor units.')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[a-z]{3}\\Z', 'Use a lowercase ISO 4217 code, like gbp.')])),
                ('status', models.CharField(choices=[('pending_payment', 'Waiting for payment'), ('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('expired', 'Expired unpaid'), ('completed', 'Completed')], default='pending_payment', max_length=16)),
                ('refund_notice', models.DurationField(help_text='Notice for a full refund, as agreed.')),
                ('hold_expires_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('audit_head', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.service')),
            ],
            options={
                'ordering': ('-created_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=16)),
                ('action', models.CharField(max_length=64)),
                ('detail', models.JSONField(default=dict)),
                ('request_id', models.CharField(blank=True, default='', max_length=64)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('entry_hash', models.CharField(max_length=64)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audit_entries', to='bookings.booking')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('booking', 'previous_hash'), name='audit_one_successor')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Each mail once.', max_length=320, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('to', models.CharField(choices=[('customer', 'Customer'), ('staff', 'Staff')], max_length=8)),
                ('facts', models.JSONField(default=dict, help_text='What the words are made of; no personal data.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='bookings.booking')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['next_attempt_at'], name='message_due')],
            },
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['customer', '-created_at', '-id'], name='booking_of_customer'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['-created_at', '-id'], name='booking_newest'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['status', '-created_at', '-id'], name='booking_by_status'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['starts_at'], name='booking_by_day'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status__in', ('pending_payment', 'confirmed'))), fields=['service', 'starts_at'], name='booking_occupied'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status', 'pending_payment')), fields=['hold_expires_at'], name='booking_hold_due'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status', 'confirmed')), fields=['ends_at'], name='booking_ended'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_ends'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='booking_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at__isnull', False), _connector='OR'), name='booking_cancelled_when'),
        ),
        append_only('bookings_auditentry'),
    ]

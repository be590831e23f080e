from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('note', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('period_ends_at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]

import django.contrib.auth.models
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.triggers import append_only, per_vendor

# What staff find people by (accounts/search.py): groups of three letters of all this.
TEXT = "lower(name || ' ' || email || ' ' || regexp_replace(phone, '[^0-9]', '', 'g') || ' ' || username)"
DIGITS = "new.phone"
for sign in " ()+-./":
    DIGITS = f"replace({DIGITS}, '{sign}', '')"
NEW = f"lower(new.name || ' ' || new.email || ' ' || {DIGITS} || ' ' || new.username)"
OLD_ROWS = NEW.replace("new.", "")

SEARCH = per_vendor(
    postgresql=(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"CREATE INDEX user_by_any_part ON accounts_user USING gin (({TEXT}) gin_trgm_ops)",
    ),
    sqlite=(
        "CREATE VIRTUAL TABLE accounts_user_search USING fts5(text, tokenize='trigram')",
        f"INSERT INTO accounts_user_search (rowid, text) SELECT id, {OLD_ROWS} FROM accounts_user",
        f"""CREATE TRIGGER accounts_user_found AFTER INSERT ON accounts_user BEGIN
            INSERT OR REPLACE INTO accounts_user_search (rowid, text) VALUES (new.id, {NEW}); END""",
        f"""CREATE TRIGGER accounts_user_found_anew AFTER UPDATE OF name, email, phone, username ON accounts_user BEGIN
            UPDATE accounts_user_search SET text = {NEW} WHERE rowid = new.id; END""",
        """CREATE TRIGGER accounts_user_lost AFTER DELETE ON accounts_user BEGIN
            DELETE FROM accounts_user_search WHERE rowid = old.id; END""",
    ),
    undo_postgresql=("DROP INDEX user_by_any_part",),
    undo_sqlite=(
        "DROP TRIGGER accounts_user_found",
        "DROP TRIGGER accounts_user_found_anew",
        "DROP TRIGGER accounts_user_lost",
        "DROP TABLE accounts_user_search",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_leaving"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[],
            options={
                "permissions": (
                    ("erase_customer", "Can erase a customer"),
                    ("note_customer", "Can write notes on a customer"),
                ),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("accounts.user",),
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[],
            options={
                "verbose_name_plural": "staff",
                "permissions": (
                    ("manage_staff", "Can invite staff, change their roles and sign them out"),
                    ("own_diary", "Sees their own appointments, and no money"),
                ),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("accounts.user",),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-written_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="StaffChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(help_text="staff:3, or command", max_length=64)),
                ("action", models.CharField(max_length=32)),
                ("detail", models.JSONField(default=dict)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        append_only("accounts_staffchange"),
        SEARCH,
    ]

"""Settings of the tests, on SQLite (settings_postgres.py: on PostgreSQL); the shell and .env have no say."""

import os
import tempfile
import uuid
from pathlib import Path

# A file for tests, as in production: an in-memory database can't be shared with other processes.
SQLITE_FILE = Path(tempfile.gettempdir()) / f"tests-{uuid.uuid4().hex}.sqlite3"

os.environ |= {
    "PYTHON_DOTENV_DISABLED": "true",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_URL": os.environ.get("TESTS_RUN_ON", "sqlite://:memory:"),
    "DATABASE_POOL_SIZE": "0",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox",
    "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
    "STRIPE_API_BASE": "http://127.0.0.1:9",  # nobody listens; the `sandbox` fixture names the real one
    "SITE_MARK": "",
    "STRIPE_SEATS": "100",
    "STRIPE_PACE": "1000",
    "STRIPE_REFUND_PACE": "1000",
    "REFUND_NOTICE_HOURS": "12",
    "BOOKING_HOLD_MINUTES": "15",
    "BOOKING_MAX_HOLDS": "1000",
    "EMAIL_URL": "memory:",
    "RECONCILE_EVERY_MINUTES": "0",  # it would heal what tests break; its own tests call it
    "SENTRY_DSN": "",
    "METRICS_TOKEN": "",
    "LOG_LEVEL": "WARNING",
}

from config.database import SQLITE  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

_database = DATABASES["default"]
if _database["ENGINE"] == SQLITE:
    _database["TEST"] = {"NAME": str(SQLITE_FILE)}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # look a file up when asked, instead of listing all for every test client

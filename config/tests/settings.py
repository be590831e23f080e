"""Settings of the tests: SQLite in a file of its own; the shell and .env have no say."""

import os

os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite:///test.sqlite3"),
    "DATABASE_POOL_SIZE": "0",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox",
    "STRIPE_WEBHOOK_SECRET": "whsec_sandbox",
    "STRIPE_API_BASE": "http://127.0.0.1:9",  # nobody listens; the `sandbox` fixture names the real one
    "STRIPE_PACE": "1000",
    "REFUND_NOTICE_HOURS": "12",
    "BOOKING_HOLD_MINUTES": "15",
    "EMAIL_URL": "memory:",
    "REDIS_URL": "",
    "SENTRY_DSN": "",
    "LOG_LEVEL": "WARNING",
    "SECURE_SSL_REDIRECT": "false",
}

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # look a file up when asked, instead of listing all for every test client

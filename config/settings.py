"""All settings, from the environment or `.env` (the environment wins); .env.example explains each."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from backoffice.site import UNFOLD as UNFOLD
from config import database, env, logs, people, refusals
from config.people import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY") or (refusals.DEVELOPMENT_KEY if DEBUG else "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
refusals.check_django(debug=DEBUG, secret_key=SECRET_KEY, allowed_hosts=ALLOWED_HOSTS)

# Stripe. STRIPE_API_BASE is empty for the real one.
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY")
STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.text("STRIPE_API_BASE")
SITE_MARK = env.mark("SITE_MARK")
STRIPE_LIVEMODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
# Requests a second by all workers together, below Stripe's limits.
STRIPE_PACE = env.whole("STRIPE_PACE", 80 if STRIPE_LIVEMODE else 20, at_least=1)
# Stripe allows 25 a second for each endpoint (STRIPE.md B10), unless somebody has agreed on more.
STRIPE_REFUND_PACE = env.whole("STRIPE_REFUND_PACE", 20, at_least=1)
# So many threads of a web process may wait for Stripe: the others go on answering.
STRIPE_SEATS = env.whole("STRIPE_SEATS", 2, at_least=1)
WEBHOOK_MAX_BYTES = 1024 * 1024
WEBHOOK_PAYLOAD_DAYS = env.whole("WEBHOOK_PAYLOAD_DAYS", 60, at_least=1)
RECONCILE_EVERY = timedelta(minutes=env.whole("RECONCILE_EVERY_MINUTES", 60))  # 0: only when asked
refusals.check_stripe(api_base=STRIPE_API_BASE, livemode=STRIPE_LIVEMODE)

# The business.
REFUND_NOTICE = env.hours("REFUND_NOTICE_HOURS", 12)
BOOKING_HOLD = env.minutes("BOOKING_HOLD_MINUTES", 15)
BOOKING_MAX_HOLDS = env.whole("BOOKING_MAX_HOLDS", 5, at_least=1)
APPROVAL_THRESHOLD = env.whole("REFUND_APPROVAL_THRESHOLD", 0) or None  # in minor units
# Payments below this (minor units) go back by themselves when the card network warns of fraud; 0: none do.
REFUND_FRAUD_WARNINGS_BELOW = env.whole("REFUND_FRAUD_WARNINGS_BELOW", 0)
# How long after the last appointment who an erased customer was is kept sealed, should a dispute still come.
SEALED_FOR = timedelta(days=env.whole("SEALED_DAYS", 180))
STAFF_TIME_ZONE = env.text("STAFF_TIME_ZONE", "UTC")
# What customers read who don't say what they read: en, de, fr or es.
CUSTOMERS_LANGUAGE = env.text("CUSTOMERS_LANGUAGE", "en")

DATABASES = {
    "default": database.settings_for(
        env.text("DATABASE_URL", "sqlite:///db.sqlite3"),
        base=BASE_DIR,
        conn_max_age=env.whole("DATABASE_CONN_MAX_AGE", 60),
        pool_size=env.whole("DATABASE_POOL_SIZE", 0),
    )
}
# CSV files are read from a replica, unless what it knows is older than REPLICA_LAG.
if replica_url := env.text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = database.replica_settings_for(
        replica_url, base=BASE_DIR, conn_max_age=env.whole("DATABASE_CONN_MAX_AGE", 60)
    )
    DATABASE_ROUTERS = ["core.storage.replica.Router"]
REPLICA_LAG = timedelta(seconds=env.whole("DATABASE_REPLICA_LAG_SECONDS", 30, at_least=10))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in with Apple or Google, each where ids of its clients are given (bundle id; OAuth client id).
SOCIALACCOUNT_PROVIDERS = people.providers(
    apple=env.words("APPLE_CLIENT_ID"), google=env.words("GOOGLE_CLIENT_ID")
)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.socialaccount",
    *(f"allauth.socialaccount.providers.{provider}" for provider in SOCIALACCOUNT_PROVIDERS),
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core.apps.CoreConfig",
    "bookings.apps.BookingsConfig",
    "payments.apps.PaymentsConfig",
    "refunds.apps.RefundsConfig",
    "accounts.apps.AccountsConfig",
    "backoffice.apps.BackofficeConfig",
    "operations.apps.OperationsConfig",
    *([] if STRIPE_LIVEMODE else ["bench"]),  # seed_bookings invents rows; not where money is live
]

MIDDLEWARE = [
    "config.middleware.request_id",
    "config.middleware.webhooks_go_straight",
    "config.middleware.people_wait_for_stripe",
    "config.middleware.no_null_characters",
    "config.middleware.customers_language",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.limits.bounded_bodies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.headless.limits.counted",
    "backoffice.people.guard.second_factor_where_money_moves",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.content_security_policy",
    "config.middleware.staff_time",
    "config.middleware.problems_under_api",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # a redirected POST loses its body; unknown URLs are 404
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
API_MAX_BYTES = 64 * 1024

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # works before collectstatic too

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = LOGIN_REDIRECT_URL = "/admin/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

REST_FRAMEWORK = {
    # Tokens first: the first one's WWW-Authenticate makes a missing sign-in 401 and not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["core.throttles.ChangesByCustomer"],
    "DEFAULT_THROTTLE_RATES": {
        "changes": env.text("THROTTLE_CHANGES", "300/min"),
        "anonymous": env.text("THROTTLE_ANONYMOUS", "120/min"),
        "sign_in_address": env.text("THROTTLE_SIGN_IN_ADDRESS", "60/min"),
        "sign_in_user": env.text("THROTTLE_SIGN_IN_USER", "10/min"),
        "sign_in_strangers": env.text("THROTTLE_SIGN_IN_STRANGERS", "50/hour"),
        "second_factor": env.text("THROTTLE_SECOND_FACTOR", "20/day"),
        "mail_address": env.text("THROTTLE_MAIL_ADDRESS", "6/hour"),
        "booking_page": env.text("THROTTLE_BOOKING_PAGE", "60/min"),
        "bad_tokens": env.text("THROTTLE_BAD_TOKENS", "120/min"),
    },
    "NUM_PROXIES": env.whole("TRUSTED_PROXIES", 0),
    "EXCEPTION_HANDLER": "config.exceptions.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

REST_KNOX = {
    "TOKEN_TTL": timedelta(days=30),
    "AUTO_REFRESH": True,
    "AUTO_REFRESH_MAX_TTL": timedelta(days=180),
    "MIN_REFRESH_INTERVAL": 24 * 60 * 60,  # seconds: at most one write a day, so that reads stay reads
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Bookings, payments and refunds",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "BookingStatus": "bookings.models.BookingStatus",
        "RefundRecordStatus": "refunds.models.RefundStatus",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.schema.add_problems"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# The address that mails link to.
SITE_URL = (
    env.text("SITE_URL") or ("http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0]}")
).rstrip("/")

# Mail.
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "bookings@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
globals().update(env.mail("EMAIL_URL"))

# Transport. SECURE_PROXY_SSL_HEADER names the header your proxy sets to "https", such as X-Forwarded-Proto.
if proxy_header := env.text("SECURE_PROXY_SSL_HEADER"):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{proxy_header.upper().replace('-', '_')}", "https")
# TLS ends at the proxy, and so does the redirect: one from here would lose a webhook's body.
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=False)
# The second: on SQLite an index has no columns beside its keys, and is as right without them.
SILENCED_SYSTEM_CHECKS = ["security.W008", "models.W040"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
X_FRAME_OPTIONS = "DENY"

LOGGING = logs.configure(level=env.text("LOG_LEVEL", "INFO").upper(), pretty=DEBUG)

# Everybody on the staff who may move money or manage people signs in with a second factor.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=False)

METRICS_TOKEN = env.text("METRICS_TOKEN")
SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    import_module("config.sentry").start(SENTRY_DSN)  # a tenth of the start-up time

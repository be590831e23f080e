"""The settings: keys that fit each other, secrets, mail."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.mail import get_connection

from bookings.models import Business
from core import language
from operations.setup.result import Result, failed, ok, warning

# As .env.example has them: copied and never filled in.
PLACEHOLDER = "your_"
UNSENT = ("console", "locmem", "dummy", "filebased")


def keys(now: datetime) -> Iterator[Result]:
    """The secret and the publishable key are there and of the same mode, live or test."""
    secret, publishable = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    mode = "live" if settings.STRIPE_LIVEMODE else "test"
    if not secret.startswith((f"sk_{mode}_", f"rk_{mode}_")) or PLACEHOLDER in secret:
        yield failed("stripe keys", "no STRIPE_SECRET_KEY", "Set it to your sk_… or rk_… key.")
    elif not publishable.startswith(f"pk_{mode}_") or PLACEHOLDER in publishable:
        yield failed(
            "stripe keys",
            f"STRIPE_PUBLISHABLE_KEY is missing or not a {mode} key, as the secret one is",
            f"Set it to the pk_{mode}_… of the same account.",
        )
    elif settings.STRIPE_LIVEMODE and settings.DEBUG:
        yield failed("stripe keys", "a live key with DEBUG on", "Turn DEBUG off, or use test keys.")
    else:
        yield ok("stripe keys", f"{mode} mode")


def webhook_secrets(now: datetime) -> Iterator[Result]:
    secrets = settings.STRIPE_WEBHOOK_SECRETS
    if not secrets or not all(s.startswith("whsec_") and PLACEHOLDER not in s for s in secrets):
        advice = "Set it to the endpoint's whsec_…; `--create-webhook URL` makes one."
        yield failed("webhook secret", "STRIPE_WEBHOOK_SECRET is missing or not a whsec_…", advice)
    else:
        yield ok("webhook secret", f"{len(secrets)} configured")


def mail(now: datetime) -> Iterator[Result]:
    """Mail leaves: the server takes our name and password."""
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    if backend in UNSENT:
        advice = "Set EMAIL_URL to your mail server before customers come."
        yield warning("mail", f"mail goes nowhere ({backend})", advice)
        return
    server = get_connection(timeout=10)
    try:
        server.open()
        server.close()
    except OSError as error:
        kind = type(error).__name__
        yield failed("mail", f"{settings.EMAIL_HOST} doesn't take mail ({kind})", "Check EMAIL_URL.")
    else:
        yield ok("mail", f"by {settings.EMAIL_HOST}")


def customers(now: datetime) -> Iterator[Result]:
    """Mails say who writes and link to where customers can get."""
    business = Business.current()
    lacking = [name for name in ("name", "address", "email") if not getattr(business, name)]
    if lacking:
        advice = "Fill it in under Business in the back office: mails, pages and receipts show it."
        yield warning("business", f"the business has no {', no '.join(lacking)}", advice)
    if not settings.DEBUG and not settings.SITE_URL.startswith("https://"):
        yield warning("links", f"mails link to {settings.SITE_URL}", "Set SITE_URL to your https:// address.")
    if settings.CUSTOMERS_LANGUAGE not in language.LOCALES:
        known = ", ".join(language.LOCALES)
        yield failed(
            "language", f"CUSTOMERS_LANGUAGE is {settings.CUSTOMERS_LANGUAGE}", f"Choose of {known}."
        )
    if not lacking:
        yield ok("business", business.name)

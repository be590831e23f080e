"""What this system refuses to start with: better no service than one whose money or sessions are unsafe."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_KEY = "django-insecure-for-development-only-never-with-debug-off"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_django(*, debug: bool, secret_key: str, allowed_hosts: list[str]) -> None:
    """With DEBUG off, refuse a guessable SECRET_KEY and an empty ALLOWED_HOSTS."""
    if debug:
        return
    if len(secret_key) < 50 or len(set(secret_key)) < 5 or secret_key.startswith("django-insecure"):
        raise ImproperlyConfigured("SECRET_KEY must be 50 or more random characters when DEBUG is off.")
    if not allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's host names when DEBUG is off.")


def check_stripe(*, api_base: str, livemode: bool) -> None:
    """A stand-in for Stripe is for tests on this machine: never elsewhere, never with a live key."""
    if not api_base:
        return
    url = urlsplit(api_base)
    if url.scheme not in ("http", "https") or url.hostname not in LOOPBACK:
        raise ImproperlyConfigured("STRIPE_API_BASE must be an http address on this machine (loopback).")
    if livemode:
        raise ImproperlyConfigured("STRIPE_API_BASE is refused with a live STRIPE_SECRET_KEY.")

"""Read settings from the environment; a value that can't be read stops the start with a sentence."""

import os
import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
MARK = re.compile(r"[A-Za-z0-9._-]{1,40}")
MAIL = {"console": "console", "memory": "locmem", "smtp": "smtp", "smtps": "smtp", "smtp+tls": "smtp"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def words(name: str) -> list[str]:
    """A comma-separated list, without its empty parts."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value and value not in TRUE + FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in TRUE if value else default


def whole(name: str, default: int, *, at_least: int = 0) -> int:
    value = text(name) or str(default)
    if not (value.isascii() and value.isdigit()) or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {at_least} on, not {value!r}.")
    return int(value)


def mark(name: str) -> str:
    """A short word that Stripe's metadata can carry."""
    value = text(name)
    if value and not MARK.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must be up to 40 letters, digits, - . or _, not {value!r}.")
    return value


def hours(name: str, default: int) -> timedelta:
    return timedelta(hours=whole(name, default))


def minutes(name: str, default: int) -> timedelta:
    return timedelta(minutes=whole(name, default, at_least=1))


def mail(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from a URL such as console: or smtp+tls://user:password@host:587."""
    url = urlsplit(text(name) or "console:")
    if url.scheme not in MAIL:
        raise ImproperlyConfigured(f"{name} must start with one of {', '.join(MAIL)}.")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{MAIL[url.scheme]}.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or {"smtps": 465, "smtp+tls": 587}.get(url.scheme, 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 10,
    }

"""Keep a secret in a row: readable only with this installation's SECRET_KEY, and only by who opens it."""

import base64
import json
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(facts: dict[str, Any]) -> str:
    """Encrypt facts (JSON) for a text column."""
    return str(_keys().encrypt(json.dumps(facts).encode()), "ascii")


def unseal(sealed: str) -> dict[str, Any]:
    """What was sealed; nothing of an empty text, or once no key fits any more."""
    try:
        facts: dict[str, Any] = json.loads(_keys().decrypt(sealed.encode())) if sealed else {}
    except InvalidToken:
        return {}
    return facts


def _keys() -> MultiFernet:
    """The key of today, then those it replaced (SECRET_KEY_FALLBACKS)."""
    secrets = (str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS))
    digests = (sha256(b"core.sealing:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

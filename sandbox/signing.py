"""`Stripe-Signature`, one `v1` for each active secret."""

import hmac
from collections.abc import Iterable
from hashlib import sha256


def signature(body: bytes, secrets: Iterable[str], timestamp: int) -> str:
    """The header's value for that raw body."""
    signed = f"{timestamp}.".encode() + body
    codes = [hmac.new(secret.encode(), signed, sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={code}" for code in codes)])

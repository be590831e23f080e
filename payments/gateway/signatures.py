"""Whether a webhook is Stripe's."""

import time

import stripe


def signature_fits(body: str, header: str, secret: str, *, tolerance: int) -> bool:
    """Tell whether Stripe signed this body with this secret; raises ValueError or TypeError on nonsense."""
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, tolerance)
    except stripe.SignatureVerificationError:
        return False
    # The SDK refuses what is too old only: what is signed for later could be sent again until then.
    signed_at = max(int(part[2:]) for part in header.split(",") if part.startswith("t="))
    return signed_at <= time.time() + tolerance

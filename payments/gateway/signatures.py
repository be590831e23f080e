"""Whether a webhook is Stripe's."""

import stripe


def signature_fits(body: str, header: str, secret: str, *, tolerance: int) -> bool:
    """Tell whether Stripe signed this body with this secret; raises ValueError or TypeError on nonsense."""
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True

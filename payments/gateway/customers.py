"""Our users at Stripe, and the secrets their payment sheets need."""

from payments.gateway.connection import Answer, client, named, plain, translated
from payments.gateway.failures import Refused


def create_customer(*, key: str, metadata: dict[str, str]) -> Answer:
    with translated():
        return plain(
            client().v1.customers.create({"metadata": metadata}, {"idempotency_key": f"customer:{key}"}),
            "customer",
        )


def create_customer_session(customer: str) -> Answer:
    """A single-use secret for the mobile payment sheet; never stored or logged."""
    with translated():
        return plain(
            client().v1.customer_sessions.create(
                {
                    "customer": customer,
                    "components": {
                        "mobile_payment_element": {
                            "enabled": True,
                            "features": {
                                "payment_method_save": "enabled",
                                "payment_method_redisplay": "enabled",
                                "payment_method_remove": "enabled",
                            },
                        }
                    },
                }
            ),
            "customer_session",
        )


def create_ephemeral_key(customer: str, *, mobile_version: str) -> Answer:
    """For older mobile SDKs, made at the SDK's API version and not at ours."""
    with translated():
        return plain(
            client().v1.ephemeral_keys.create({"customer": customer}, {"stripe_version": mobile_version}),
            "ephemeral_key",
        )


def delete_customer(customer: str) -> None:
    """Forget a customer and their saved cards; payments stay and can still be refunded. Twice is once."""
    try:
        with translated():
            client().v1.customers.delete(named(customer))
    except Refused as error:
        if not error.is_missing:
            raise

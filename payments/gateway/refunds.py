"""Refunds: money back."""

from payments.gateway.connection import Answer, client, named, plain, translated


def create_refund(*, key: str, intent: str, amount: int, metadata: dict[str, str]) -> Answer:
    """Send `amount` minor units back. Not retried here: the refund engine looks before it repeats.

    The answer brings the charge along, because it names the card.
    """
    with translated():
        return plain(
            client().v1.refunds.create(
                {
                    "payment_intent": intent,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": metadata,
                    "expand": ["charge"],
                },
                {"idempotency_key": key, "max_network_retries": 0},
            ),
            "refund",
        )


def retrieve_refund(refund: str) -> Answer:
    with translated():
        return plain(client().v1.refunds.retrieve(named(refund)), "refund")


def refunds_of(intent: str) -> list[Answer]:
    """All refunds of a PaymentIntent in any status, newest first."""
    with translated():
        page = client().v1.refunds.list({"payment_intent": named(intent), "limit": 100})
        return [plain(refund, "refund") for refund in page.auto_paging_iter()]

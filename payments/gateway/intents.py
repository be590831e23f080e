"""PaymentIntents and their charges: money in."""

from payments.gateway.connection import Answer, client, named, plain, translated


def create_intent(*, key: str, amount: int, currency: str, customer: str, metadata: dict[str, str]) -> Answer:
    """Ask for `amount` minor units; the same key gives the same PaymentIntent."""
    with translated():
        return plain(
            client().v1.payment_intents.create(
                {
                    "amount": amount,
                    "currency": currency,
                    "customer": customer,
                    "automatic_payment_methods": {"enabled": True},
                    "metadata": metadata,
                },
                {"idempotency_key": key},
            ),
            "payment_intent",
        )


def retrieve_intent(intent: str) -> Answer:
    """A PaymentIntent whose `latest_charge` is the charge itself: it knows when it was paid."""
    with translated():
        return plain(
            client().v1.payment_intents.retrieve(named(intent), {"expand": ["latest_charge"]}),
            "payment_intent",
        )


def cancel_intent(intent: str) -> Answer:
    """Make sure that nothing can be paid any more; Refused if it is too late for that."""
    with translated():
        return plain(client().v1.payment_intents.cancel(named(intent)), "payment_intent")


def intents_of(customer: str) -> list[Answer]:
    with translated():
        page = client().v1.payment_intents.list({"customer": named(customer), "limit": 100})
        return [plain(intent, "payment_intent") for intent in page.auto_paging_iter()]


def retrieve_charge(charge: str) -> Answer:
    with translated():
        return plain(client().v1.charges.retrieve(named(charge)), "charge")

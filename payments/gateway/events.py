"""Single events; Stripe keeps them for 30 days (lists of them: pages.py)."""

from payments.gateway.connection import Answer, client, named, plain, translated


def retrieve_event(event: str) -> Answer:
    with translated():
        return plain(client().v1.events.retrieve(named(event)), "event")

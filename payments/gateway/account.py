"""The account itself: whose key this is, what it may do, what moved, what time it is at Stripe."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

from payments.gateway.connection import API_VERSION, Answer, client, named, plain, translated
from payments.gateway.failures import Misconfigured, Refused

NOBODY = "none_only_asking"
_AN_APP: Any = {"stripe_version": API_VERSION}
_WITH_SOURCES: Any = {"limit": 1, "expand": ["data.source"]}


def retrieve_account() -> tuple[Answer, datetime | None]:
    """Our account, and the time on Stripe's clock when it answered, if it said so."""
    with translated():
        account = client().v1.accounts.retrieve_current()
    response: Any = account.last_response
    date = response.headers.get("Date")
    return plain(account, "account"), parsedate_to_datetime(date) if date else None


def retrieve_movement(transaction: str) -> Answer:
    """One balance transaction, with what it is sourced from."""
    with translated():
        return plain(
            client().v1.balance_transactions.retrieve(named(transaction), {"expand": ["source"]}),
            "balance_transaction",
        )


def retrieve_payout(payout: str) -> Answer:
    with translated():
        return plain(client().v1.payouts.retrieve(named(payout)), "payout")


def available_balance() -> dict[str, int]:
    """What refunds can be paid from right now, in minor units by currency."""
    with translated():
        balance = plain(client().v1.balance.retrieve(), "balance")
    return {entry["currency"]: entry["amount"] for entry in balance["available"]}


def held_balance() -> dict[str, int]:
    """All that Stripe holds for us, available or not yet, in minor units by currency."""
    with translated():
        balance = plain(client().v1.balance.retrieve(), "balance")
    held: dict[str, int] = {}
    for entry in (*balance["available"], *balance["pending"]):
        held[entry["currency"]] = held.get(entry["currency"], 0) + entry["amount"]
    return held


def provoke_event() -> str:
    """Make Stripe send a payment_intent.canceled: nobody ever pays it. Returns the PaymentIntent's id."""
    currency = str(retrieve_account()[0]["default_currency"])
    wanted = {"amount": 100_000, "currency": currency, "metadata": {"purpose": "test of the webhook"}}
    with translated():
        intent = client().v1.payment_intents.create(wanted)  # type: ignore[arg-type]
        client().v1.payment_intents.cancel(intent.id)
    return intent.id


def missing_permissions() -> list[str]:
    """What this key may not do of all that we need: tried on objects that don't exist, so nothing changes."""
    return [name for name, attempt in _attempts() if not _is_permitted(attempt)]


def _is_permitted(attempt: Callable[[], Any]) -> bool:
    try:
        with translated():
            attempt()
    except Refused:
        return True
    except Misconfigured as error:
        if error.status == 403:
            return False
        raise
    return True


def _attempts() -> tuple[tuple[str, Callable[[], Any]], ...]:
    v1 = client().v1
    return (
        ("read customers", lambda: v1.customers.list({"limit": 1})),
        ("write customers", lambda: v1.customers.update(NOBODY, {"description": ""})),
        ("write ephemeral keys", lambda: v1.ephemeral_keys.create({"customer": NOBODY}, _AN_APP)),
        ("write customer sessions", lambda: v1.customer_sessions.create(_session())),
        ("read payment intents", lambda: v1.payment_intents.list({"limit": 1})),
        ("write payment intents", lambda: v1.payment_intents.cancel(NOBODY)),
        ("read charges", lambda: v1.charges.retrieve(NOBODY)),
        ("read refunds", lambda: v1.refunds.list({"limit": 1})),
        ("write refunds", lambda: v1.refunds.create({"payment_intent": NOBODY})),
        ("read disputes", lambda: v1.disputes.list({"limit": 1})),
        ("write disputes", lambda: v1.disputes.update(NOBODY, {"submit": False})),
        ("read events", lambda: v1.events.list({"limit": 1})),
        ("read the balance", v1.balance.retrieve),
        ("read balance transactions", lambda: v1.balance_transactions.list({"limit": 1})),
        ("read what they are sourced from", lambda: v1.balance_transactions.list(_WITH_SOURCES)),
        ("read payouts", lambda: v1.payouts.list({"limit": 1})),
        ("write files", lambda: v1.files.create(_no_file())),
        ("read webhook endpoints", lambda: v1.webhook_endpoints.list({"limit": 1})),
        ("write webhook endpoints", lambda: v1.webhook_endpoints.update(NOBODY, {})),
    )


def _no_file() -> Any:
    """Of a purpose that Stripe doesn't know: refused for that, or before that because the key may not."""
    return {"purpose": NOBODY, "file": BytesIO(b"nothing")}


def _session() -> Any:
    return {"customer": NOBODY, "components": {"mobile_payment_element": {"enabled": True}}}

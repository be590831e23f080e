"""What an answer needs to be of use: without it nobody knows whether anything was done."""

from typing import Any

from payments.gateway.failures import Unclear

MONEY = {"amount": int, "currency": str}
NEEDED: dict[str, dict[str, type]] = {
    "payment_intent": {"id": str, "status": str, **MONEY},
    "charge": {"id": str, "created": int, **MONEY},
    "refund": {"id": str, "status": str, "created": int, **MONEY},
    "dispute": {"id": str, "status": str, "created": int, "reason": str, **MONEY},
    "event": {"id": str, "type": str, "created": int, "data": dict},
    "balance_transaction": {"id": str, "reporting_category": str, "created": int, **MONEY},
    "payout": {"id": str, "status": str, "created": int, **MONEY},
    "balance": {"available": list, "pending": list},
    "customer": {"id": str},
    "customer_session": {"client_secret": str},
    "ephemeral_key": {"secret": str},
    "file": {"id": str},
    "account": {"id": str},
    "webhook_endpoint": {"id": str, "url": str},
}


def refuse_unusable(answer: Any, kind: str) -> None:
    """Raise Unclear unless this is such an object with all that is needed of it."""
    is_object = isinstance(answer, dict) and answer.get("object") == kind
    if not is_object or not all(isinstance(answer.get(name), of) for name, of in NEEDED[kind].items()):
        raise Unclear(f"not a usable {kind}")

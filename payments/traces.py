"""Purchase traces: what shows a bank that the customer paid. For disputes only, and for 400 days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from payments.models import Payment, PurchaseTrace

# Visa's Compelling Evidence looks back 365 days from a payment, and a dispute takes its time to come.
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Origin:
    """From where a customer asked to pay: the address, and the app's own random id for the device."""

    ip: str | None = None
    install_id: str = ""


def remember(payment: Payment, origin: Origin, *, account: str, now: datetime) -> None:
    """Keep from where paying was last begun; what isn't known this time stays as it was."""
    known = {"ip": origin.ip, "install_id": origin.install_id, "account": account}
    PurchaseTrace.objects.update_or_create(
        payment=payment, defaults={name: value for name, value in known.items() if value} | {"seen_at": now}
    )


def remember_card(payment: Payment, card: dict[str, Any]) -> None:
    """Keep which card paid, beside an origin that is known."""
    fingerprint = str(card.get("fingerprint") or "")[:64]
    PurchaseTrace.objects.filter(payment=payment, card_fingerprint="").update(card_fingerprint=fingerprint)


def empty_old(clock: Callable[[], datetime]) -> int:
    """Delete what nobody may keep any longer; returns how many."""
    return PurchaseTrace.objects.filter(seen_at__lt=clock() - KEPT_FOR).delete()[0]


def forget(customer_id: int) -> None:
    """Delete all of one customer's."""
    PurchaseTrace.objects.filter(payment__booking__customer_id=customer_id).delete()

"""Which card paid, for the words of a mail. Nice to know, so failing to ask is no failure."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from bookings.models import Booking
from payments import gateway, pace, traces
from payments.models import Payment


def learn(booking: Booking, clock: Callable[[], datetime]) -> None:
    """Ask Stripe once for the brand and last four digits of the cards that paid for a booking."""
    unknown = booking.payments.filter(card_last4="").exclude(stripe_charge_id="")
    for payment in unknown:
        with suppress(gateway.StripeFailure):
            pace.wait_for_slot(clock)
            remember(payment, gateway.retrieve_charge(payment.stripe_charge_id))


def remember(payment: Payment, charge: Any) -> None:
    """Keep the card of a charge that Stripe sent us, if it did send more than its id."""
    card = (charge.get("payment_method_details") or {}).get("card") if isinstance(charge, dict) else None
    # Whoever was erased meanwhile stays unknown.
    known = Payment.objects.filter(pk=payment.pk, booking__customer__is_active=True)
    if card and not payment.card_last4 and known.exists():
        traces.remember_card(payment, card)
        Payment.objects.filter(pk=payment.pk).update(
            card_brand=str(card.get("brand") or "")[:20], card_last4=str(card.get("last4") or "")[:4]
        )

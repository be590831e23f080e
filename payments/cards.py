"""Which card paid, for the words of a mail. Nice to know, so failing to ask is no failure."""

from contextlib import suppress

from bookings.models import Booking
from payments import gateway
from payments.models import Payment


def learn(booking: Booking) -> None:
    """Ask Stripe once for the brand and last four digits of the cards that paid for a booking."""
    unknown = booking.payments.filter(card_last4="").exclude(stripe_charge_id="")
    for payment in unknown:
        with suppress(gateway.StripeFailure):
            _save(payment, gateway.retrieve_charge(payment.stripe_charge_id))


def _save(payment: Payment, charge: gateway.Answer) -> None:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    Payment.objects.filter(pk=payment.pk).update(
        card_brand=str(card.get("brand") or "")[:20], card_last4=str(card.get("last4") or "")[:4]
    )

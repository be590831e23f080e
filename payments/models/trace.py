from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from payments.models.payment import Payment


class PurchaseTrace(models.Model):
    """From where a payment was begun: kept for one purpose, to show a bank that it was the customer.

    Told to nobody else but the customer who asks, and deleted after 400 days (payments/traces.py).
    """

    payment = models.OneToOneField(Payment, on_delete=models.CASCADE, related_name="trace")
    ip = models.GenericIPAddressField(null=True, blank=True)
    install_id = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text=gettext_lazy("The app's own random id for this device."),
    )
    account = models.CharField(
        max_length=254, blank=True, default="", help_text=gettext_lazy("What they sign in with.")
    )
    card_fingerprint = models.CharField(
        max_length=64, blank=True, default="", help_text=gettext_lazy("Stripe's, the same for the same card.")
    )
    seen_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"trace of {self.payment_id}"

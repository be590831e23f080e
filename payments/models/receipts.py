from django.db import models
from django.utils.translation import gettext_lazy

from payments.models.payment import PaymentTransaction


class ReceiptCounter(models.Model):
    """One row: the last number that was drawn. Whoever draws the next waits for it to be committed."""

    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return str(self.last)


class Receipt(models.Model):
    """The numbered receipt of one line of the statement: who sold and who bought, as they were.

    What was sold, when and for how much is told by the booking and the line. Never edited; only the buyer is
    emptied when a person is erased.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    line = models.OneToOneField(PaymentTransaction, on_delete=models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField()
    seller_name = models.CharField(max_length=120, blank=True, default="")
    seller_address = models.TextField(max_length=500, blank=True, default="")
    seller_phone = models.CharField(max_length=32, blank=True, default="")
    seller_email = models.EmailField(blank=True, default="")
    seller_website = models.URLField(blank=True, default="")
    seller_vat_number = models.CharField(
        gettext_lazy("seller's VAT number"), max_length=32, blank=True, default=""
    )
    buyer_name = models.CharField(max_length=150, blank=True, default="")
    buyer_email = models.EmailField(blank=True, default="")

    def __str__(self) -> str:
        return f"R-{self.number:06}"

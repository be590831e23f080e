"""Give back a part of what was paid: staff's kindness, as an action of a payment and of a booking."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from backoffice.toolkit.actions import Action, ActionForm, Done
from bookings.models import Booking
from core.errors import DomainError
from core.money import exponent, in_words
from payments.models import Payment, PaymentStatus
from refunds import account
from refunds.account import kept_payment
from refunds.staff import actions as staff_actions


def goodwill(row: Payment | Booking, done: Done) -> str:
    payment = paid(row)
    if payment is None:
        raise DomainError("not_paid", _("Nothing was paid here."))
    record = staff_actions.goodwill(
        payment,
        amount=done.given["amount"],
        by=done.by,
        now=done.now,
        reason=done.given["reason"],
        key=done.given["key"],
    )
    if record.held_for == "approval":
        return _("It is written down and waits for a second person to approve it.")
    return _("%(money)s is queued and goes out in a moment.") % {
        "money": in_words(record.amount, record.currency)
    }


def paid(row: Payment | Booking) -> Payment | None:
    """The payment that a part is given back from."""
    if isinstance(row, Payment):
        return row if row.status == PaymentStatus.SUCCEEDED else None
    return kept_payment(row)


def has_something_left(row: Payment | Booking) -> bool:
    payment = paid(row)
    return payment is not None and account.of(payment).kept > 0


class GoodwillForm(ActionForm):
    """An amount as people write it, and the id that the refund will have: sent twice it is made once."""

    amount = forms.DecimalField(min_value=Decimal(0), widget=UnfoldAdminDecimalFieldWidget)
    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any], row: Payment | Booking, **kwargs: Any) -> None:
        payment = paid(row)
        kept = account.of(payment).kept if payment else 0
        self.places = exponent(row.currency)
        amount = Decimal(kept).scaleb(-self.places)
        super().__init__(*args, row=row, initial=initial | {"key": uuid.uuid4(), "amount": amount}, **kwargs)
        self.fields["amount"].help_text = _("Up to %(money)s, all that is kept of it.") % {
            "money": in_words(kept, row.currency)
        }

    def clean_amount(self) -> int:
        """In minor units."""
        minor = Decimal(self.cleaned_data["amount"]).scaleb(self.places)
        if minor != int(minor):
            raise forms.ValidationError(_("This currency has %(number)s decimals.") % {"number": self.places})
        return int(minor)


GOODWILL = Action(
    "goodwill",
    gettext_lazy("Refund a part"),
    "refunds.give_goodwill",
    gettext_lazy(
        "As much as you say of what was paid goes back to the card. The appointment stays as it is."
    ),
    goodwill,
    has_something_left,
    GoodwillForm,
    "volunteer_activism",
)

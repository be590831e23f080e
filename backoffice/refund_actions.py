"""The desk's use cases as actions of the admin, and the forms they ask with."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from backoffice.toolkit.actions import Action, ActionForm, Done, NeedsReasonForm
from bookings.models import Booking
from core.errors import DomainError
from core.money import exponent, in_words
from payments.models import Payment, PaymentStatus
from refunds import staff_actions
from refunds.account import kept_payment, owed
from refunds.models import RefundRecord, RefundStatus


def retry(record: RefundRecord, done: Done) -> str:
    staff_actions.retry(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is queued again and goes out in a moment."


def put_on_hold(record: RefundRecord, done: Done) -> str:
    staff_actions.put_on_hold(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is on hold until somebody releases it."


def release(record: RefundRecord, done: Done) -> str:
    staff_actions.release(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is queued and goes out in a moment."


def withdraw(record: RefundRecord, done: Done) -> str:
    staff_actions.withdraw(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is withdrawn: nothing goes out."


def ask_stripe(record: RefundRecord, done: Done) -> str:
    changed = staff_actions.ask_stripe_now(record, by=done.by, now=done.now)
    return f"Stripe says: {changed}." if changed else "Stripe says nothing new."


def approve(record: RefundRecord, done: Done) -> str:
    staff_actions.approve(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is approved and goes out in a moment."


def paid_otherwise(record: RefundRecord, done: Done) -> str:
    staff_actions.paid_by_other_means(record, by=done.by, now=done.now, reason=done.given["reason"])
    return "It is marked as paid by other means."


def goodwill(row: Payment | Booking, done: Done) -> str:
    payment = paid(row)
    if payment is None:
        raise DomainError("not_paid", "Nothing was paid here.")
    record = staff_actions.goodwill(
        payment,
        amount=done.given["amount"],
        by=done.by,
        now=done.now,
        reason=done.given["reason"],
        key=done.given["key"],
    )
    if record.held_for == "approval":
        return "It is written down and waits for a second person to approve it."
    return f"{in_words(record.amount, record.currency)} is queued and goes out in a moment."


def paid(row: Payment | Booking) -> Payment | None:
    """The payment that a part is given back from."""
    if isinstance(row, Payment):
        return row if row.status == PaymentStatus.SUCCEEDED else None
    return kept_payment(row)


def has_something_left(row: Payment | Booking) -> bool:
    payment = paid(row)
    return payment is not None and owed(payment).kept > 0


class GoodwillForm(ActionForm):
    """An amount as people write it, and the id that the refund will have: sent twice it is made once."""

    amount = forms.DecimalField(min_value=Decimal(0), widget=UnfoldAdminDecimalFieldWidget)
    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any], row: Payment | Booking, **kwargs: Any) -> None:
        payment = paid(row)
        kept = owed(payment).kept if payment else 0
        self.places = exponent(row.currency)
        amount = Decimal(kept).scaleb(-self.places)
        super().__init__(*args, row=row, initial=initial | {"key": uuid.uuid4(), "amount": amount}, **kwargs)
        self.fields["amount"].help_text = f"Up to {in_words(kept, row.currency)}, all that is kept of it."

    def clean_amount(self) -> int:
        """In minor units."""
        minor = Decimal(self.cleaned_data["amount"]).scaleb(self.places)
        if minor != int(minor):
            raise forms.ValidationError(f"This currency has {self.places} decimals.")
        return int(minor)


def among(*states: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status in states


def held_for(what: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status == RefundStatus.ON_HOLD and record.held_for == what


GOODWILL = Action(
    "goodwill",
    "Refund a part",
    "refunds.give_goodwill",
    "As much as you say of what was paid goes back to the card. The appointment stays as it is.",
    goodwill,
    has_something_left,
    GoodwillForm,
    "volunteer_activism",
)

ON_A_RECORD = (
    Action(
        "retry",
        "Send again",
        "refunds.retry_refund",
        "Stripe is asked first whether an earlier attempt went through; if not, it is sent once more.",
        retry,
        among(*staff_actions.STRANDED),
        icon="replay",
    ),
    Action(
        "approve",
        "Approve",
        "refunds.approve_refund",
        "You agree to another person's refund, and it goes out. Nobody approves their own.",
        approve,
        held_for("approval"),
        icon="verified",
    ),
    Action(
        "hold",
        "Put on hold",
        "refunds.hold_refund",
        "It doesn't go out until somebody releases it.",
        put_on_hold,
        among("queued"),
        NeedsReasonForm,
        "pause",
    ),
    Action(
        "release",
        "Release",
        "refunds.hold_refund",
        "It goes out.",
        release,
        held_for("staff"),
        icon="play_arrow",
    ),
    Action(
        "withdraw",
        "Withdraw",
        "refunds.withdraw_refund",
        "It is called back: the customer gets nothing by it.",
        withdraw,
        lambda record: record.status in staff_actions.NOT_OUT and record.held_for != "dispute",
        NeedsReasonForm,
        "undo",
    ),
    Action(
        "ask-stripe",
        "Ask Stripe now",
        "refunds.ask_stripe",
        "What Stripe says of this payment's refunds is taken in at once.",
        ask_stripe,
        among("sending", "unknown", "pending", "succeeded", "needs_attention", "failed"),
        ActionForm,
        "sync",
    ),
    Action(
        "paid-otherwise",
        "Paid by other means",
        "refunds.mark_paid_otherwise",
        "You confirm that the customer got this money another way, and how. Nothing is sent.",
        paid_otherwise,
        among(*staff_actions.STRANDED),
        NeedsReasonForm,
        "payments",
    ),
)

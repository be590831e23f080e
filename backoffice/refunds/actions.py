"""The desk's use cases as actions of the admin, and the forms they ask with."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from backoffice.toolkit.actions import Action, ActionForm, Done, NeedsReasonForm
from bookings.models import Booking
from core.errors import DomainError
from core.money import exponent, in_words
from payments.models import Payment, PaymentStatus
from refunds import account
from refunds.account import kept_payment
from refunds.models import RefundRecord, RefundStatus
from refunds.staff import actions as staff_actions
from refunds.staff import withdrawal


def retry(record: RefundRecord, done: Done) -> str:
    staff_actions.retry(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _what_follows(record)


def put_on_hold(record: RefundRecord, done: Done) -> str:
    staff_actions.put_on_hold(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _("It is on hold until somebody releases it.")


def release(record: RefundRecord, done: Done) -> str:
    staff_actions.release(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _("It is queued and goes out in a moment.")


def withdraw(record: RefundRecord, done: Done) -> str:
    withdrawn = withdrawal.withdraw(record, by=done.by, now=done.now, reason=done.given["reason"])
    if withdrawn.held_for == "withdrawal":
        return _("It waits for a second person to agree that it is withdrawn.")
    return _("It is withdrawn. What is owed all the same goes out by another refund.")


def undo_withdrawal(record: RefundRecord, done: Done) -> str:
    staff_actions.undo_withdrawal(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _what_follows(record)


def _what_follows(record: RefundRecord) -> str:
    record.refresh_from_db()
    if record.held_for == "approval":
        return _("It waits for a second person to approve it.")
    return _("%(money)s is queued and goes out in a moment.") % {
        "money": in_words(record.amount, record.currency)
    }


def ask_stripe(record: RefundRecord, done: Done) -> str:
    changed = staff_actions.ask_stripe_now(record, by=done.by, now=done.now)
    return _("Stripe says: %(words)s.") % {"words": changed} if changed else _("Stripe says nothing new.")


def approve(record: RefundRecord, done: Done) -> str:
    approved = staff_actions.approve(record, by=done.by, now=done.now, reason=done.given["reason"])
    is_withdrawn = approved.status == RefundStatus.WITHDRAWN
    return _("It is withdrawn.") if is_withdrawn else _("It is approved and goes out in a moment.")


def paid_otherwise(record: RefundRecord, done: Done) -> str:
    staff_actions.paid_by_other_means(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _("It is marked as paid by other means.")


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


def among(*states: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status in states


def held_for(*what: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status == RefundStatus.ON_HOLD and record.held_for in what


def can_be_withdrawn(record: RefundRecord) -> bool:
    is_free = record.status in account.NOT_OUT and record.held_for not in ("dispute", "withdrawal")
    return is_free and not account.is_uncertain(record)


def can_be_paid_otherwise(record: RefundRecord) -> bool:
    return record.status in account.STRANDED or staff_actions.is_pending_too_long(record, timezone.now())


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

ON_A_RECORD = (
    Action(
        "retry",
        gettext_lazy("Send again"),
        "refunds.retry_refund",
        gettext_lazy(
            "Stripe is asked first whether an earlier attempt went through; if not, what is left is sent."
        ),
        retry,
        among(*account.STRANDED),
        icon="replay",
    ),
    Action(
        "approve",
        gettext_lazy("Approve"),
        "refunds.approve_refund",
        gettext_lazy("You agree to what another person asked for. Nobody approves their own."),
        approve,
        held_for("approval", "withdrawal"),
        icon="verified",
    ),
    Action(
        "hold",
        gettext_lazy("Put on hold"),
        "refunds.hold_refund",
        gettext_lazy("It doesn't go out until somebody releases it."),
        put_on_hold,
        among("queued"),
        NeedsReasonForm,
        "pause",
    ),
    Action(
        "release",
        gettext_lazy("Release"),
        "refunds.hold_refund",
        gettext_lazy("It goes out."),
        release,
        held_for("staff", "withdrawal"),
        icon="play_arrow",
    ),
    Action(
        "withdraw",
        gettext_lazy("Withdraw"),
        "refunds.withdraw_refund",
        gettext_lazy(
            "It is called back: the customer gets nothing by it, and hears so if they were promised it."
        ),
        withdraw,
        can_be_withdrawn,
        NeedsReasonForm,
        "undo",
    ),
    Action(
        "undo-withdrawal",
        gettext_lazy("Undo withdrawal"),
        "refunds.withdraw_refund",
        gettext_lazy("It was withdrawn by mistake: what is left of it goes out after all."),
        undo_withdrawal,
        among("withdrawn"),
        icon="redo",
    ),
    Action(
        "ask-stripe",
        gettext_lazy("Ask Stripe now"),
        "refunds.ask_stripe",
        gettext_lazy("What Stripe says of this payment's refunds is taken in at once."),
        ask_stripe,
        among("sending", "unknown", "pending", "succeeded", "needs_attention", "failed"),
        ActionForm,
        "sync",
    ),
    Action(
        "paid-otherwise",
        gettext_lazy("Paid by other means"),
        "refunds.mark_paid_otherwise",
        gettext_lazy("You confirm that the customer got this money another way, and how. Nothing is sent."),
        paid_otherwise,
        can_be_paid_otherwise,
        NeedsReasonForm,
        "payments",
    ),
)

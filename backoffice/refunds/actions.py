"""The desk's use cases as actions of the admin, and the forms they ask with."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.toolkit.actions import Action, ActionForm, Done, NeedsReasonForm
from core.money import in_words
from refunds import account
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


def acknowledge_twice(record: RefundRecord, done: Done) -> str:
    staff_actions.acknowledge_twice(record, by=done.by, now=done.now, reason=done.given["reason"])
    return _("It is noted. It comes up again only if it becomes more.")


def among(*states: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status in states


def held_for(*what: str) -> Callable[[RefundRecord], bool]:
    return lambda record: record.status == RefundStatus.ON_HOLD and record.held_for in what


def can_be_withdrawn(record: RefundRecord) -> bool:
    is_free = record.status in account.NOT_OUT and record.held_for not in ("dispute", "withdrawal")
    return is_free and not account.is_uncertain(record)


def can_be_paid_otherwise(record: RefundRecord) -> bool:
    return record.status in account.STRANDED or staff_actions.is_pending_too_long(record, timezone.now())


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
    Action(
        "twice-seen",
        gettext_lazy("Paid twice: looked at"),
        "refunds.mark_paid_otherwise",
        gettext_lazy("You have looked at what may have been paid twice, and say what became of it."),
        acknowledge_twice,
        lambda record: record.may_be_paid_twice and record.twice_acknowledged is None,
        NeedsReasonForm,
        "fact_check",
    ),
)

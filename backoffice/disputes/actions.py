"""What staff may do with a dispute, as actions of the admin: each does one thing, once."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.disputes import fitting
from backoffice.disputes.forms import (
    AcceptForm,
    AppealForm,
    AttachForm,
    RefundForm,
    StageForm,
    SubmitForm,
)
from backoffice.toolkit.actions import Action, Done, NeedsReasonForm
from core.money import in_words
from refunds.dispute_response import appeal, filing, resolution
from refunds.models import Dispute, EarlyFraudWarning, RefundRecord


def stage(dispute: Dispute, done: Done) -> str:
    filing.stage(dispute, texts=done.given["texts"], by=done.by, now=done.now)
    return _("The evidence is staged at Stripe. Nothing is submitted yet: look at it, then submit it.")


def attach(dispute: Dispute, done: Done) -> str:
    file = done.given["file"]
    filing.attach(
        dispute,
        field=done.given["field"],
        name=file.name or "document",
        content=file.read(),
        by=done.by,
        now=done.now,
    )
    return _("The document is attached. Stage the evidence to send it along.")


def submit(dispute: Dispute, done: Done) -> str:
    filing.submit(
        dispute,
        digest=done.given["draft"],
        by=done.by,
        now=done.now,
        fee_acknowledged=done.given.get("fee", False),
    )
    return _("The evidence is submitted, and Stripe was asked whether it has it.")


def file_appeal(dispute: Dispute, done: Done) -> str:
    given = done.given["file"]
    document = (given.name or "document", given.read()) if given else None
    appeal.file(dispute, reason=done.given["reason"], document=document, by=done.by, now=done.now)
    return _("The appeal is filed. The card network decides, and its word is final.")


def leave(dispute: Dispute, done: Done) -> str:
    resolution.leave(dispute, note=done.given["reason"], by=done.by, now=done.now)
    return _("Nobody answers it, and Stripe won't either: it is lost when the time is over.")


def accept(dispute: Dispute, done: Done) -> str:
    resolution.accept(dispute, reason=done.given["reason"], by=done.by, now=done.now)
    return _("The dispute is accepted: the customer keeps the money.")


def refund(dispute: Dispute, done: Done) -> str:
    record = resolution.refund_inquiry(
        dispute, reason=done.given["reason"], key=done.given["key"], by=done.by, now=done.now
    )
    return goes_back(record)


def close(dispute: Dispute, done: Done) -> str:
    resolution.close_with_note(dispute, note=done.given["reason"], by=done.by, now=done.now)
    return _("It is closed with your note. For the bank nothing changes.")


def refund_first(warning: EarlyFraudWarning, done: Done) -> str:
    record = resolution.refund_first(
        warning, reason=done.given["reason"], key=done.given["key"], by=done.by, now=done.now
    )
    return goes_back(record)


def goes_back(record: RefundRecord) -> str:
    money = in_words(record.amount, record.currency)
    if record.held_for == "approval":
        return _("A refund of %(money)s is written down and waits for a second person to approve it.") % {
            "money": money
        }
    return _("%(money)s is queued and goes out in a moment.") % {"money": money}


ON_A_DISPUTE = (
    Action(
        "stage",
        gettext_lazy("Stage evidence"),
        "refunds.stage_evidence",
        gettext_lazy(
            "Filled in from the booking's own record. Change what you know better; a timeline is "
            "added as a PDF. Staging submits nothing, and can be done again."
        ),
        stage,
        fitting.is_answerable,
        StageForm,
        "edit_document",
        why_not=fitting.why_not_answerable,
    ),
    Action(
        "submit",
        gettext_lazy("Submit evidence"),
        "refunds.submit_evidence",
        gettext_lazy(
            "This is what the bank will read. It can be submitted once; then Stripe is asked whether "
            "it has it."
        ),
        submit,
        lambda dispute: fitting.is_answerable(dispute) and dispute.staged_at is not None,
        SubmitForm,
        "send",
        "backoffice/dispute/submit.html",
        why_not=fitting.why_not_submitted,
    ),
    Action(
        "attach",
        gettext_lazy("Attach a document"),
        "refunds.stage_evidence",
        gettext_lazy(
            "A photograph, a letter, a signature: it goes along with the evidence when that is staged."
        ),
        attach,
        fitting.is_answerable,
        AttachForm,
        "attach_file",
        why_not=fitting.why_not_answerable,
    ),
    Action(
        "appeal",
        gettext_lazy("Appeal the decision"),
        "refunds.submit_evidence",
        gettext_lazy(
            "The bank decided for the customer, and Stripe lets you ask the card network once more."
        ),
        file_appeal,
        lambda dispute: not fitting.why_not_appealed(dispute),
        AppealForm,
        "gavel",
        "backoffice/dispute/appeal.html",
        why_not=fitting.why_not_appealed,
    ),
    Action(
        "refund",
        gettext_lazy("Refund and end the inquiry"),
        "refunds.refund_dispute",
        gettext_lazy(
            "All that is kept of the payment goes back to the card. The bank then closes the "
            "inquiry, and nothing is charged back."
        ),
        refund,
        lambda dispute: not fitting.why_not_refunded(dispute),
        RefundForm,
        "undo",
        why_not=fitting.why_not_refunded,
    ),
    Action(
        "accept",
        gettext_lazy("Accept the dispute"),
        "refunds.accept_dispute",
        gettext_lazy(
            "You give in: it is lost for good, the customer keeps the money, and Stripe keeps its fee."
        ),
        accept,
        lambda dispute: dispute.is_chargeback and fitting.is_answerable(dispute),
        AcceptForm,
        "front_hand",
        why_not=lambda d: (
            fitting.why_not_answerable(d) or _("An inquiry is refunded or answered, not accepted.")
        ),
    ),
    Action(
        "leave",
        gettext_lazy("Don't fight it"),
        "refunds.resolve_dispute",
        gettext_lazy(
            "Nobody answers, and Stripe is told not to answer by itself: no further fees. When the "
            "time is over the customer keeps the money. Accepting does the same at once."
        ),
        leave,
        lambda dispute: dispute.resolved_at is None and fitting.is_answerable(dispute),
        NeedsReasonForm,
        "do_not_disturb_on",
        why_not=lambda d: fitting.why_not_answerable(d) or _("Somebody has closed it with a note already."),
    ),
    Action(
        "close",
        gettext_lazy("Close with a note"),
        "refunds.resolve_dispute",
        gettext_lazy(
            "Say what was done about it. Reminders end; for Stripe and the bank nothing changes, so "
            "an open dispute still runs out, and Stripe may answer it by itself."
        ),
        close,
        lambda dispute: dispute.resolved_at is None,
        NeedsReasonForm,
        "task_alt",
        why_not=fitting.why_not_closed,
    ),
)

REFUND_FIRST = Action(
    "refund-first",
    gettext_lazy("Refund first"),
    "refunds.refund_first",
    gettext_lazy(
        "All that is kept of the payment goes back to the card before it can become a chargeback "
        "with a fee. The appointment stays; to call it off too, cancel the booking for the "
        "business instead."
    ),
    refund_first,
    lambda warning: warning.status == "open",
    RefundForm,
    "undo",
    why_not=fitting.why_not_first,
)

"""What staff may do with a dispute, as actions of the admin: each does one thing, once."""

from collections.abc import Callable

from django.utils import timezone

from backoffice.disputes.forms import (
    AcceptForm,
    AppealForm,
    AttachForm,
    RefundForm,
    StageForm,
    SubmitForm,
)
from backoffice.toolkit.actions import Action, Done, NeedsReasonForm
from core.errors import DomainError
from core.money import in_words
from refunds.dispute_response import appeal, filing, resolution
from refunds.disputes import gate
from refunds.models import Dispute, EarlyFraudWarning, RefundRecord


def stage(dispute: Dispute, done: Done) -> str:
    filing.stage(dispute, texts=done.given["texts"], by=done.by, now=done.now)
    return "The evidence is staged at Stripe. Nothing is submitted yet: look at it, then submit it."


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
    return "The document is attached. Stage the evidence to send it along."


def submit(dispute: Dispute, done: Done) -> str:
    filing.submit(
        dispute,
        digest=done.given["draft"],
        by=done.by,
        now=done.now,
        fee_acknowledged=done.given.get("fee", False),
    )
    return "The evidence is submitted, and Stripe was asked whether it has it."


def file_appeal(dispute: Dispute, done: Done) -> str:
    given = done.given["file"]
    document = (given.name or "document", given.read()) if given else None
    appeal.file(dispute, reason=done.given["reason"], document=document, by=done.by, now=done.now)
    return "The appeal is filed. The card network decides, and its word is final."


def leave(dispute: Dispute, done: Done) -> str:
    resolution.leave(dispute, note=done.given["reason"], by=done.by, now=done.now)
    return "Nobody answers it, and Stripe won't either: it is lost when the time is over."


def accept(dispute: Dispute, done: Done) -> str:
    resolution.accept(dispute, reason=done.given["reason"], by=done.by, now=done.now)
    return "The dispute is accepted: the customer keeps the money."


def refund(dispute: Dispute, done: Done) -> str:
    record = resolution.refund_inquiry(
        dispute, reason=done.given["reason"], key=done.given["key"], by=done.by, now=done.now
    )
    return goes_back(record)


def close(dispute: Dispute, done: Done) -> str:
    resolution.close_with_note(dispute, note=done.given["reason"], by=done.by, now=done.now)
    return "It is closed with your note. For the bank nothing changes."


def refund_first(warning: EarlyFraudWarning, done: Done) -> str:
    record = resolution.refund_first(
        warning, reason=done.given["reason"], key=done.given["key"], by=done.by, now=done.now
    )
    return goes_back(record)


def goes_back(record: RefundRecord) -> str:
    money = in_words(record.amount, record.currency)
    if record.held_for == "approval":
        return f"A refund of {money} is written down and waits for a second person to approve it."
    return f"{money} is queued and goes out in a moment."


def is_answerable(dispute: Dispute) -> bool:
    return gate.is_answerable(dispute, timezone.now())


def why_not_answerable(dispute: Dispute) -> str:
    return _refusal(lambda: gate.refuse_unless_answerable(dispute, timezone.now()))


def why_not_submitted(dispute: Dispute) -> str:
    return why_not_answerable(dispute) or "Stage the evidence first, so that it can be looked at."


def why_not_appealed(dispute: Dispute) -> str:
    return _refusal(lambda: appeal.refuse_unless_appealable(dispute, timezone.now()))


def why_not_refunded(dispute: Dispute) -> str:
    return _refusal(lambda: resolution.refuse_unless_inquiry(dispute))


def _refusal(check: Callable[[], None]) -> str:
    try:
        check()
    except DomainError as error:
        return error.detail
    return ""


ON_A_DISPUTE = (
    Action(
        "stage",
        "Stage evidence",
        "refunds.stage_evidence",
        "Filled in from the booking's own record. Change what you know better; a timeline is added as a PDF. "
        "Staging submits nothing, and can be done again.",
        stage,
        is_answerable,
        StageForm,
        "edit_document",
        why_not=why_not_answerable,
    ),
    Action(
        "submit",
        "Submit evidence",
        "refunds.submit_evidence",
        "This is what the bank will read. It can be submitted once; then Stripe is asked whether it has it.",
        submit,
        lambda dispute: is_answerable(dispute) and dispute.staged_at is not None,
        SubmitForm,
        "send",
        "backoffice/dispute/submit.html",
        why_not=why_not_submitted,
    ),
    Action(
        "attach",
        "Attach a document",
        "refunds.stage_evidence",
        "A photograph, a letter, a signature: it goes along with the evidence when that is staged.",
        attach,
        is_answerable,
        AttachForm,
        "attach_file",
        why_not=why_not_answerable,
    ),
    Action(
        "appeal",
        "Appeal the decision",
        "refunds.submit_evidence",
        "The bank decided for the customer, and Stripe lets you ask the card network once more.",
        file_appeal,
        lambda dispute: not why_not_appealed(dispute),
        AppealForm,
        "gavel",
        "backoffice/dispute/appeal.html",
        why_not=why_not_appealed,
    ),
    Action(
        "refund",
        "Refund and end the inquiry",
        "refunds.refund_dispute",
        "All that is kept of the payment goes back to the card. The bank then closes the inquiry, and "
        "nothing is charged back.",
        refund,
        lambda dispute: not why_not_refunded(dispute),
        RefundForm,
        "undo",
        why_not=why_not_refunded,
    ),
    Action(
        "accept",
        "Accept the dispute",
        "refunds.accept_dispute",
        "You give in: it is lost for good, the customer keeps the money, and Stripe keeps its fee.",
        accept,
        lambda dispute: dispute.is_chargeback and is_answerable(dispute),
        AcceptForm,
        "front_hand",
        why_not=lambda d: why_not_answerable(d) or "An inquiry is refunded or answered, not accepted.",
    ),
    Action(
        "leave",
        "Don't fight it",
        "refunds.resolve_dispute",
        "Nobody answers, and Stripe is told not to answer by itself: no further fees. When the time is over "
        "the customer keeps the money. Accepting does the same at once.",
        leave,
        lambda dispute: dispute.resolved_at is None and is_answerable(dispute),
        NeedsReasonForm,
        "do_not_disturb_on",
        why_not=lambda d: why_not_answerable(d) or "Somebody has closed it with a note already.",
    ),
    Action(
        "close",
        "Close with a note",
        "refunds.resolve_dispute",
        "Say what was done about it. Reminders end; for Stripe and the bank nothing changes, so an open "
        "dispute still runs out, and Stripe may answer it by itself.",
        close,
        lambda dispute: dispute.resolved_at is None,
        NeedsReasonForm,
        "task_alt",
        why_not=lambda _: "Somebody has closed it with a note already.",
    ),
)

REFUND_FIRST = Action(
    "refund-first",
    "Refund first",
    "refunds.refund_first",
    "All that is kept of the payment goes back to the card before it can become a chargeback with a fee. The "
    "appointment stays; to call it off too, cancel the booking for the business instead.",
    refund_first,
    lambda warning: warning.status == "open",
    RefundForm,
    "undo",
    why_not=lambda _: "The payment is refunded or disputed already.",
)

"""Appealing a lost dispute, where Stripe lets us: one explanation, one shot, with the timeline as proof.

All raise DomainError in words for staff.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.audit import By
from core.errors import DomainError
from payments import gateway
from refunds.dispute_response import facts, filing, timeline
from refunds.dispute_response.evidence import LONGEST
from refunds.disputes import intake
from refunds.disputes.gate import WHILE_AT_STRIPE, change, locked, refuse_unless_in_time, stripe_answers
from refunds.models import Dispute

WAITS, FILED = "appeal_needs_response", "appeal_under_review"


def refuse_unless_appealable(row: Dispute, now: datetime) -> None:
    """Raise DomainError: not_appealable, already_submitted, no_answer_allowed, past_due or in_hand."""
    if row.appealed_at or row.status == FILED:
        raise DomainError("already_submitted", _("The appeal is filed: that works only once."))
    if row.status != WAITS:
        raise DomainError("not_appealable", _("Stripe doesn't offer to appeal this dispute."))
    refuse_unless_in_time(row, now)


def file(
    dispute: Dispute,
    *,
    reason: str,
    by: By,
    now: datetime,
    document: tuple[str, bytes] | None = None,
) -> None:
    """Submit the appeal with its reason, the timeline and a document (name and content) of staff's choice."""
    words = reason.strip()
    if not words or len(words) > LONGEST:
        raise DomainError(
            "reason_missing",
            _("Say why, in at most %(most)s characters.") % {"most": f"{LONGEST:,}"},
            status=400,
        )
    papers = [(filing.TIMELINE, timeline.render(facts.of(dispute, now))), *([document] if document else [])]
    filing.refuse_bad_files(papers)
    with locked(dispute, by=by, now=now) as (story, row):
        refuse_unless_appealable(row, now)
    with stripe_answers():
        files = [filing.upload(name, content) for name, content in papers]
    with locked(dispute, by=by, now=now) as (story, row):
        refuse_unless_appealable(row, now)
        change(row, handing_in_until=now + WHILE_AT_STRIPE)
        story.record("dispute.appealing", id=str(row))
    refusal = _send(row, words, files)
    with stripe_answers():
        reading = intake.renew(str(row), by=by, now=now)
    filing.check(row, reading, by=by, now=now)
    if reading.dispute["status"] == WAITS:
        raise DomainError(
            "not_submitted",
            _("Stripe did not take the appeal (%(why)s). Try again.") % {"why": refusal},
        )


def _send(row: Dispute, words: str, files: list[str]) -> str:
    """What became of it is read back, whatever Stripe answers."""
    card = {"reason_for_filing": words, "supporting_files": files}
    try:
        gateway.submit_evidence(str(row), {"appeal": {"card": card}})
    except gateway.StripeFailure as error:
        return error.code
    return _("no reason given")

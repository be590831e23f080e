"""Evidence goes to Stripe: staged as often as wanted, submitted once, then read back.

Each step decides under the lock, asks Stripe outside of any transaction, and writes down what Stripe said.
All raise DomainError in words for staff.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookings import messages
from bookings.audit import By, Story
from core.errors import DomainError
from core.work.sweeps import Later, Sweep
from payments import gateway, pace
from refunds.dispute_response import compelling, evidence, facts, timeline
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response.draft import Draft
from refunds.disputes import costs, intake
from refunds.disputes.gate import WHILE_AT_STRIPE, answerable, change, locked, stripe_answers
from refunds.disputes.reading import Reading
from refunds.models import Dispute

WORKER = By("system", "worker")
SWEEP = Sweep("evidence", longest=timedelta(minutes=10))
# All documents of a dispute together, and so each of them.
LARGEST_TOGETHER = 9 * 1024 * 1024 // 2
TIMELINE, TIMELINE_FIELD = "timeline.pdf", "service_documentation"
# How PDF, PNG and JPEG begin.
MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")


def stage(dispute: Dispute, *, texts: Mapping[str, str], by: By, now: datetime) -> None:
    """Keep texts by Stripe's field, here and at Stripe, with a fresh timeline; nothing is handed in."""
    clean = evidence_draft.written(texts)
    if wrong := evidence.too_long(clean):
        raise DomainError("too_long", " ".join(wrong.values()), status=400)
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = replace(evidence_draft.of(row, now), texts=clean, compelling=compelling.find(row).evidence)
        change(row, evidence=draft.stored(), staged_at=None)
        story.record("evidence.drafted", id=str(row), fields=sorted(clean))
    with stripe_answers():
        draft = _with_timeline(row, draft, now)
        refuse_too_much(draft)
        if row.intended_submission_method:
            gateway.answer_by_hand(str(row))
        at_stripe = gateway.retrieve_dispute(str(row)).get("evidence") or {}
        gateway.stage_evidence(str(row), draft.sent(at_stripe))
        reading = intake.renew(str(row), by=by, now=now)
    if differing := draft.differs_from(reading.dispute.get("evidence") or {}):
        raise DomainError(
            "not_staged", _("Stripe kept something else: %(fields)s.") % {"fields": ", ".join(differing)}
        )
    with answerable(dispute, by=by, now=now) as (story, row):
        if evidence_draft.of(row, now).texts != clean:
            raise DomainError("changed", _("Somebody else changed the evidence meanwhile. Look at it again."))
        change(row, evidence=draft.stored(), staged_at=now)
        story.record("evidence.staged", id=str(row), fields=sorted(draft.given))


def refuse_too_much(draft: Draft) -> None:
    """Raise DomainError too_large: Stripe and the banks take so much and no more."""
    if sum(draft.sizes.values()) > LARGEST_TOGETHER:
        detail = _("All documents together may have 4.5 MB. Attach a smaller one in place of the largest.")
        raise DomainError("too_large", detail, status=400)


def _with_timeline(row: Dispute, draft: Draft, now: datetime) -> Draft:
    """Add the timeline, unless staff put another document in its place."""
    if draft.names.get(TIMELINE_FIELD, TIMELINE) != TIMELINE:
        return draft
    content = timeline.render(facts.of(row, now))
    return _with_file(draft, TIMELINE_FIELD, TIMELINE, upload(TIMELINE, content), len(content))


def _with_file(draft: Draft, field: str, name: str, file: str, size: int) -> Draft:
    return replace(
        draft,
        files=draft.files | {field: file},
        names=draft.names | {field: name},
        sizes=draft.sizes | {field: size},
    )


def upload(name: str, content: bytes) -> str:
    """Put a document at Stripe; the same one twice is one. Returns its id there."""
    key = f"evidence:{hashlib.sha256(content).hexdigest()}:{name}"[:255]
    return str(gateway.upload_evidence(name=name, content=content, key=key)["id"])


def refuse_bad_files(files: Sequence[tuple[str, bytes]]) -> None:
    """Raise DomainError bad_file for what Stripe doesn't take."""
    fitting = all(content.startswith(MAGIC) for name, content in files)
    if not fitting or sum(len(content) for name, content in files) > LARGEST_TOGETHER:
        raise DomainError("bad_file", _("Stripe takes PDF, JPEG and PNG files up to 4.5 MB."), status=400)


def attach(dispute: Dispute, *, field: str, name: str, content: bytes, by: By, now: datetime) -> None:
    """Put a PDF, JPEG or PNG into one of Stripe's file fields; it goes along when evidence is staged."""
    if field not in evidence.FILES:
        raise DomainError("bad_field", _("Stripe has no such document."), status=400)
    refuse_bad_files([(name, content)])
    with answerable(dispute, by=by, now=now) as (story, row):
        refuse_too_much(_with_file(evidence_draft.of(row, now), field, name, "", len(content)))
    with stripe_answers():
        file = upload(name, content)
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = _with_file(evidence_draft.of(row, now), field, name, file, len(content))
        refuse_too_much(draft)
        change(row, evidence=draft.stored(), staged_at=None)
        story.record("evidence.attached", id=str(row), field=field, file=file)


def submit(dispute: Dispute, *, digest: str, by: By, now: datetime, fee_acknowledged: bool = False) -> None:
    """Hand the staged evidence in to the bank, which works once, and read back whether Stripe has it.

    `digest` is the draft's that was looked at. A compliance dispute is only answered with `fee_acknowledged`.
    """
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = evidence_draft.of(row, now)
        if costs.asks_for_fee(row) and not fee_acknowledged:
            raise DomainError(
                "fee_not_acknowledged",
                _("Agree to the fee first. %(fee)s") % {"fee": costs.COMPLIANCE},
            )
        if row.staged_at is None:
            raise DomainError("not_staged", _("Stage the evidence first, and look at it."))
        if draft.digest != digest:
            raise DomainError("changed", _("The evidence was changed since you looked at it. Look again."))
        change(row, handing_in_until=now + WHILE_AT_STRIPE)
        story.record("evidence.handing_in", id=str(row), digest=digest)
    refusal = _hand_in(row, draft, fee_acknowledged)
    try:
        reading = intake.renew(str(row), by=by, now=now)
    except (gateway.StripeFailure, intake.Overlapping) as error:
        detail = _(
            "Stripe gave no clear answer (%(error)s). Whether it has the evidence is asked again shortly."
        ) % {"error": error}
        raise DomainError("not_known", detail, status=503) from error
    if not check(row, reading, by=by, now=now):
        raise DomainError(
            "not_submitted",
            _("Stripe did not take the evidence (%(why)s). Try again.") % {"why": refusal},
        )


def _hand_in(row: Dispute, draft: Draft, fee_acknowledged: bool) -> str:
    """Submit; what Stripe really has is read back, whatever it answers."""
    given = draft.given
    if fee_acknowledged and (programmes := costs.with_a_fee(row)):
        agreed = {name: {"fee_acknowledged": True} for name in programmes}
        given = given | {"enhanced_evidence": given.get("enhanced_evidence", {}) | agreed}
    try:
        gateway.submit_evidence(str(row), given)
    except gateway.StripeFailure as error:
        return error.code
    return _("no reason given")


def check(dispute: Dispute, reading: Reading, *, by: By, now: datetime) -> bool:
    """Write down whether Stripe has the evidence and whether it is what we sent; returns whether it has."""
    with locked(dispute, by=by, now=now) as (story, row):
        was_in_hand = row.handing_in_until is not None
        change(row, handing_in_until=None)
        if row.status.startswith("appeal_"):
            return _check_appeal(story, row, was_in_hand)
        if row.submitted_at is None:
            _tell_undone(story, row)
            return False
        differing = evidence_draft.of(row, now).differs_from(reading.dispute.get("evidence") or {})
        if differing:
            story.record("evidence.differs", id=str(row), fields=differing)
            messages.alert_staff(story, "evidence_differs", about=str(row.pk), **intake.facts_of(row))
        elif row.verified_at is None:
            change(row, verified_at=now)
            story.record("evidence.verified", id=str(row), fields=sorted(evidence_draft.of(row, now).given))
        return True


def _check_appeal(story: Story, row: Dispute, was_in_hand: bool) -> bool:
    filed = row.status == "appeal_under_review"
    if filed and row.appealed_at is None:
        change(row, appealed_at=story.now)
        story.record("dispute.appealed", id=str(row))
    elif was_in_hand and not filed:
        story.record("dispute.not_appealed", id=str(row))
    return filed


def _tell_undone(story: Story, row: Dispute) -> None:
    if not row.is_open:
        return
    story.record("evidence.not_handed_in", id=str(row))
    if story.by == WORKER:  # staff at their desk are told on the page
        about = f"{row.pk}:{story.now:%Y-%m-%dT%H:%M}"
        messages.alert_staff(story, "evidence_not_submitted", about=about, **intake.facts_of(row))


def look_after(clock: Callable[[], datetime]) -> int:
    """Ask what became of answers whose outcome nobody learnt; returns how many were asked for."""
    now = clock()
    waiting = Dispute.objects.filter(handing_in_until__lte=now)
    return SWEEP.each(SWEEP.ready(waiting, now=now)[:20], lambda row: _look_at(row, clock), clock)


def _look_at(row: Dispute, clock: Callable[[], datetime]) -> None:
    try:
        pace.wait_for_slot(clock)
        reading = intake.renew(str(row), by=WORKER, now=clock())
    except (gateway.StripeFailure, intake.Overlapping) as error:
        raise Later(type(error).__name__) from error
    check(row, reading, by=WORKER, now=clock())

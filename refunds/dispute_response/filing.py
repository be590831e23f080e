"""Evidence goes to Stripe: staged as often as wanted, submitted once, then read back.

Each step decides under the lock, asks Stripe outside of any transaction, and writes down what Stripe said.
All raise DomainError in words for staff.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bookings import messages
from bookings.audit import By, Story
from core.errors import DomainError
from core.sweeps import Later, Sweep
from payments import gateway, pace
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response import evidence, facts, timeline
from refunds.dispute_response.draft import Draft
from refunds.disputes import intake
from refunds.disputes.gate import WHILE_AT_STRIPE, answerable, change, locked, stripe_answers
from refunds.disputes.reading import Reading
from refunds.models import Dispute

WORKER = By("system", "worker")
SWEEP = Sweep("evidence", longest=timedelta(minutes=10))
LARGEST_FILE = 5 * 1024 * 1024
TIMELINE, TIMELINE_FIELD = "timeline.pdf", "service_documentation"
# How PDF, PNG and JPEG begin.
MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")


def stage(dispute: Dispute, *, texts: Mapping[str, str], by: By, now: datetime) -> None:
    """Keep texts by Stripe's field, here and at Stripe, with a fresh timeline; nothing is handed in."""
    clean = evidence_draft.written(texts)
    if wrong := evidence.too_long(clean):
        raise DomainError("too_long", " ".join(wrong.values()), status=400)
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = replace(evidence_draft.of(row), texts=clean)
        change(row, evidence=draft.stored(), staged_at=None)
        story.record("evidence.drafted", id=str(row), fields=sorted(clean))
    with stripe_answers():
        draft = _with_timeline(row, draft)
        at_stripe = gateway.retrieve_dispute(str(row)).get("evidence") or {}
        gateway.stage_evidence(str(row), draft.sent(at_stripe))
        reading = intake.renew(str(row), by=by, now=now)
    if differing := draft.differs_from(reading.dispute.get("evidence") or {}):
        raise DomainError("not_staged", f"Stripe kept something else: {', '.join(differing)}.")
    with answerable(dispute, by=by, now=now) as (story, row):
        if evidence_draft.of(row).texts != clean:
            raise DomainError("changed", "Somebody else changed the evidence meanwhile. Look at it again.")
        change(row, evidence=draft.stored(), staged_at=now)
        story.record("evidence.staged", id=str(row), fields=sorted(draft.given))


def _with_timeline(row: Dispute, draft: Draft) -> Draft:
    """Add the timeline, unless staff put another document in its place."""
    if draft.names.get(TIMELINE_FIELD, TIMELINE) != TIMELINE:
        return draft
    file = _upload(TIMELINE, timeline.render(facts.of(row)))
    return _with_file(draft, TIMELINE_FIELD, TIMELINE, file)


def _with_file(draft: Draft, field: str, name: str, file: str) -> Draft:
    return replace(draft, files=draft.files | {field: file}, names=draft.names | {field: name})


def _upload(name: str, content: bytes) -> str:
    key = f"evidence:{hashlib.sha256(content).hexdigest()}:{name}"[:255]
    return str(gateway.upload_evidence(name=name, content=content, key=key)["id"])


def attach(dispute: Dispute, *, field: str, name: str, content: bytes, by: By, now: datetime) -> None:
    """Put a PDF, JPEG or PNG into one of Stripe's file fields; it goes along when evidence is staged."""
    if field not in evidence.FILES:
        raise DomainError("bad_field", "Stripe has no such document.", status=400)
    if not content.startswith(MAGIC) or len(content) > LARGEST_FILE:
        raise DomainError("bad_file", "Stripe takes PDF, JPEG and PNG files up to 5 MB.", status=400)
    with answerable(dispute, by=by, now=now):
        pass
    with stripe_answers():
        file = _upload(name, content)
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = _with_file(evidence_draft.of(row), field, name, file)
        change(row, evidence=draft.stored(), staged_at=None)
        story.record("evidence.attached", id=str(row), field=field, file=file)


def submit(dispute: Dispute, *, digest: str, by: By, now: datetime) -> None:
    """Hand the staged evidence in to the bank, which works once, and read back whether Stripe has it.

    `digest` is the draft's that was looked at.
    """
    with answerable(dispute, by=by, now=now) as (story, row):
        draft = evidence_draft.of(row)
        if row.staged_at is None:
            raise DomainError("not_staged", "Stage the evidence first, and look at it.")
        if draft.digest != digest:
            raise DomainError("changed", "The evidence was changed since you looked at it. Look again.")
        change(row, handing_in_until=now + WHILE_AT_STRIPE)
        story.record("evidence.handing_in", id=str(row), digest=digest)
    refusal = _hand_in(row, draft)
    try:
        reading = intake.renew(str(row), by=by, now=now)
    except (gateway.StripeFailure, intake.Overlapping) as error:
        detail = f"Stripe gave no clear answer ({error}). Whether it has the evidence is asked again shortly."
        raise DomainError("not_known", detail, status=503) from error
    if not check(row, reading, by=by, now=now):
        raise DomainError("not_submitted", f"Stripe did not take the evidence ({refusal}). Try again.")


def _hand_in(row: Dispute, draft: Draft) -> str:
    """Submit; what Stripe really has is read back, whatever it answers."""
    try:
        gateway.submit_evidence(str(row), draft.given)
    except gateway.StripeFailure as error:
        return error.code
    return "no reason given"


def check(dispute: Dispute, reading: Reading, *, by: By, now: datetime) -> bool:
    """Write down whether Stripe has the evidence and whether it is what we sent; returns whether it has."""
    with locked(dispute, by=by, now=now) as (story, row):
        change(row, handing_in_until=None)
        if row.submitted_at is None:
            _tell_undone(story, row)
            return False
        differing = evidence_draft.of(row).differs_from(reading.dispute.get("evidence") or {})
        if differing:
            story.record("evidence.differs", id=str(row), fields=differing)
            messages.alert_staff(story, "evidence_differs", about=str(row.pk), **intake.facts_of(row))
        elif row.verified_at is None:
            change(row, verified_at=now)
            story.record("evidence.verified", id=str(row), fields=sorted(evidence_draft.of(row).given))
        return True


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

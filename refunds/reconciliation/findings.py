"""What could not be healed is kept for staff until it is gone, or somebody says why it may stay."""

from datetime import datetime

from django.db.models import QuerySet

from bookings import messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from payments import gateway
from payments.models import BalanceLine
from refunds.models import Finding
from refunds.reconciliation.account.lines import BALANCE_LINE
from refunds.reconciliation.account.payouts import PAYOUT
from refunds.reconciliation.account.proofs import BALANCE
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.dispute_objects import DISPUTE
from refunds.reconciliation.payment_intents import PAYMENT_INTENT
from refunds.reconciliation.refund_objects import REFUND
from refunds.reconciliation.subjects import Difference

SYSTEM = By("system", "reconcile")
SUBJECTS = {subject.name: subject for subject in (PAYMENT_INTENT, REFUND, DISPUTE, BALANCE_LINE, PAYOUT)}


def look_again(comparison: Comparison) -> None:
    """Ask again for what earlier runs found and this one didn't come across."""
    for finding in list(open_findings()):
        if (finding.kind, finding.stripe_id) in comparison.tally.found or _is_gone_here(finding):
            continue
        still = _as_it_was(finding)
        with comparison.alone(still):
            if subject := SUBJECTS.get(finding.subject):
                ours = finding.detail["ours"]
                comparison.look_up(subject, finding.stripe_id, booking=finding.booking_id, ours=ours)
            elif finding.subject != BALANCE and _is_missing_movement(finding):
                comparison.tally.keep(still)


def _as_it_was(finding: Finding) -> Difference:
    detail = {"ours": None, "theirs": None} | finding.detail
    also = {name: value for name, value in detail.items() if name not in ("ours", "theirs")}
    kind, subject = Finding.Kind(finding.kind), finding.subject
    ours, theirs = detail["ours"], detail["theirs"]
    return Difference(kind, finding.stripe_id, ours, theirs, finding.booking_id, subject, also)


def _is_gone_here(finding: Finding) -> bool:
    """A line of the account that Stripe doesn't have, and neither do we any more."""
    about = (finding.kind, finding.subject)
    if about != (Finding.Kind.MISSING_THERE, BALANCE_LINE.name):
        return False
    return not BalanceLine.objects.filter(stripe_id=finding.stripe_id).exists()


def _is_missing_movement(finding: Finding) -> bool:
    try:
        gateway.retrieve_movement(finding.stripe_id)
    except gateway.Refused as error:
        if not error.is_missing:
            raise
        return True
    return False


def open_findings() -> QuerySet[Finding]:
    return Finding.objects.filter(resolved_at=None)


def write_down(comparison: Comparison) -> int:
    """Keep what was found, close what is gone; returns how many are open now."""
    found = comparison.tally.found
    for difference in found.values():
        _keep(difference, comparison.now)
    for finding in list(open_findings()):
        if (finding.kind, finding.stripe_id) not in found:
            close(finding, by=SYSTEM, now=comparison.now, resolution="It agrees now.")
    return open_findings().count()


def accept(finding: Finding, *, by: By, now: datetime, note: str) -> None:
    """Staff know of it and say why it may stay; it opens again only if it changes."""
    close(finding, by=by, now=now, resolution=note)


def close(finding: Finding, *, by: By, now: datetime, resolution: str) -> None:
    """Close a finding, and tell it in its booking's story. Twice is once."""
    if finding.booking_id is None:
        _close(finding, by, now, resolution)
        return
    with story_of(Booking.objects.filter(pk=finding.booking_id), by=by, now=now) as story:
        if _close(finding, by, now, resolution):
            story.record("finding.closed", kind=finding.kind, id=finding.stripe_id)


def _close(finding: Finding, by: By, now: datetime, resolution: str) -> bool:
    closed = {"resolved_at": now, "resolved_by": by.actor, "resolution": resolution}
    return open_findings().filter(pk=finding.pk).update(**closed) == 1


def _keep(difference: Difference, now: datetime) -> None:
    if difference.booking is None:
        if _write(difference, now):
            messages.alert_staff_once("books_differ", now=now, **_words(difference, now))
        return
    bookings = Booking.objects.filter(pk=difference.booking)
    with story_of(bookings, by=SYSTEM, now=now) as story:
        if _write(difference, now):
            _tell(story, difference)


def _write(difference: Difference, now: datetime) -> bool:
    """Write it down; True if it is new, or known in another form and so worth telling."""
    row, is_new = Finding.objects.get_or_create(
        kind=difference.kind,
        stripe_id=difference.stripe_id,
        defaults={
            "subject": difference.subject,
            "booking_id": difference.booking,
            "detail": difference.detail,
            "first_seen": now,
            "last_seen": now,
        },
    )
    changes = {"last_seen": now, "detail": difference.detail}
    accepted = row.resolved_by not in ("", SYSTEM.actor) and row.detail == difference.detail
    opens = row.resolved_at is not None and not accepted
    if opens:
        changes |= {"resolved_at": None, "resolved_by": "", "resolution": ""}
    Finding.objects.filter(pk=row.pk).update(**changes)
    return is_new or opens


def _tell(story: Story, difference: Difference) -> None:
    kind, stripe_id = str(difference.kind), difference.stripe_id
    story.record("finding.opened", kind=kind, id=stripe_id, **difference.detail)
    messages.alert_staff(story, "books_differ", **_words(difference, story.now))


def _words(difference: Difference, now: datetime) -> dict[str, str]:
    """What a mail tells; one that opens again is told again."""
    kind, stripe_id = str(difference.kind), difference.stripe_id
    return {"about": f"{kind}:{stripe_id}:{now:%Y-%m-%dT%H:%M:%S}", "how": kind, "id": stripe_id}

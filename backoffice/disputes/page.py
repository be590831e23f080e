"""All of one dispute on one page: what it is about, until when, what is at stake and what was done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.bookings import page as booking_page
from backoffice.bookings.page import Step, Table
from backoffice.disputes import words
from backoffice.toolkit.show import link, money, stripe_link
from backoffice.toolkit.sold import appointment_link, called
from core.money import in_words
from refunds import interlock
from refunds.dispute_response import appeal, compelling, evidence, facts, weighing
from refunds.dispute_response import draft as evidence_draft
from refunds.dispute_response.draft import Draft
from refunds.disputes import costs, intake, silence
from refunds.disputes import words as disputes_words
from refunds.disputes.gate import told
from refunds.models import Dispute

FEE_KINDS = ("chargeback", "chargeback_returned", "dispute_fee")
TRAIL = Q(action__startswith="dispute.") | Q(action__startswith="evidence.")
TRAIL |= Q(action__startswith="refund.") | Q(action__startswith="statement.")


def of_dispute(dispute: Dispute, now: datetime) -> dict[str, Any]:
    """What the template shows."""
    twice = interlock.paid_twice(dispute.payment)
    draft = evidence_draft.of(dispute, now)
    return {
        "facts": dict(_facts(dispute, now)),
        "technical": {
            _("Payment"): link(dispute.payment),
            _("At Stripe"): stripe_link(dispute.stripe_dispute_id),
        },
        "reason": disputes_words.reason(dispute),
        "paid_twice": in_words(twice, dispute.payment.currency) if twice else "",
        "pack": pack_of(draft),
        "before": before_answering(dispute, draft, now) if words.is_waiting(dispute) else {},
        "statement": _statement(dispute),
        "steps": _steps(dispute),
    }


def before_answering(dispute: Dispute, draft: Draft, now: datetime) -> dict[str, Any]:
    """What to know before the only shot: warnings, costs, and Visa's programme where it is offered."""
    told = facts.of(dispute, now)
    before: dict[str, Any] = {
        "warnings": weighing.before_submitting(dispute, told, draft),
        "costs": costs.in_sentences(dispute),
    }
    if compelling.is_offered(dispute):
        found = compelling.find(dispute)
        state, asked_for = compelling.asked_for(dispute)
        earlier = [
            f"{payment.booking}: {told_day(payment.paid_at)}, {money(payment)}" for payment in found.payments
        ]
        before["compelling"] = found
        before["earlier"] = earlier
        before["ce3_state"] = state if draft.compelling else ""
        before["ce3_asks"] = asked_for if draft.compelling else []
    return before


def told_day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}" if moment else ""


def pack_of(draft: Draft) -> dict[str, Any]:
    """The evidence with its fields in words."""
    return {
        "texts": [(label, draft.texts[f]) for f, label in evidence.TEXTS.items() if f in draft.texts],
        "files": [(label, draft.names[f]) for f, label in evidence.FILES.items() if f in draft.files],
    }


def _facts(dispute: Dispute, now: datetime) -> Iterator[tuple[str, str | SafeString]]:
    if dispute.is_open and not dispute.submitted_at:
        yield _("Answer until"), _deadline(dispute, now)
        yield _("If nobody answers"), silence.at_the_deadline(dispute)
    if dispute.status == appeal.WAITS and not dispute.appealed_at:
        yield _("Appeal until"), _deadline(dispute, now)
    yield _("State"), disputes_words.state(dispute)
    if dispute.case_type == "compliance":
        yield _("Kind"), _("Compliance: the card network says a rule of theirs was broken")
    yield _("Disputed"), money(dispute)
    yield _("Taken by the bank"), in_words(max(dispute.withdrawn, 0), dispute.currency)
    yield _("Evidence"), _evidence(dispute)
    if dispute.appealed_at:
        yield _("Appeal"), _("Filed at %(when)s") % {"when": told(dispute.appealed_at)}
    yield _("Opened"), told(dispute.opened_at)
    yield _("Customer"), called(dispute.booking.customer)
    yield _("Appointment"), appointment_link(dispute.booking)
    if dispute.resolved_at:
        yield (
            _("Closed here"),
            _("%(when)s by %(name)s") % {"when": told(dispute.resolved_at), "name": dispute.resolved_by},
        )
        yield _("Note"), dispute.resolution


def _deadline(dispute: Dispute, now: datetime) -> str:
    if dispute.evidence_due_by is None:
        return _("The bank takes no answer")
    return f"{told(dispute.evidence_due_by)} ({disputes_words.time_left(dispute.evidence_due_by, now)})"


def _evidence(dispute: Dispute) -> str:
    if dispute.submission_method == intake.BY_STRIPE:
        return _("Submitted by Stripe itself, as we heard at %(when)s") % {
            "when": told(dispute.submitted_at or dispute.heard_at)
        }
    if dispute.verified_at:
        return _("Submitted and verified at %(when)s") % {"when": told(dispute.verified_at)}
    if dispute.submitted_at:
        return _("Submitted at %(when)s, not verified") % {"when": told(dispute.submitted_at)}
    if dispute.handing_in_until and dispute.handing_in_until > timezone.now():
        return _("Being submitted")
    return (
        _("Staged at %(when)s, not submitted") % {"when": told(dispute.staged_at)}
        if dispute.staged_at
        else _("Not staged yet")
    )


def _statement(dispute: Dispute) -> Table:
    lines = dispute.payment.transactions.filter(kind__in=FEE_KINDS).order_by("occurred_at", "pk")
    rows = [
        [
            told(line.occurred_at),
            line.get_kind_display(),
            in_words(line.amount, line.currency),
            line.stripe_id,
        ]
        for line in lines
    ]
    return Table([_("When"), _("What"), _("Amount"), _("At Stripe")], rows)


def _steps(dispute: Dispute) -> list[Step]:
    entries = dispute.booking.audit_entries.filter(TRAIL, at__gte=dispute.opened_at)
    return booking_page.steps(list(entries), dispute.currency)

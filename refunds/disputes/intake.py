"""Chargebacks and inquiries: what Stripe says of them is kept in Stripe's own words, whoever brings it."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from bookings import messages
from bookings.audit import By, Story, story_of
from bookings.models import Booking
from payments import gateway
from payments.events.event_handlers import Event, NotYet, Stranger
from payments.models import Payment
from refunds import interlock
from refunds.disputes import money as disputes_money
from refunds.disputes import reading as disputes_read
from refunds.disputes.reading import Reading
from refunds.models import Dispute

APPEAL = "appeal_"
BY_STRIPE = "smart_disputes"


class Overlapping(NotYet):
    """Two readings were made at the same time and differ: only asking again tells which is newer."""


def ask(event: Event) -> Reading:
    """The order of dispute events can't be trusted: the present state is asked for, if it is about us."""
    if not payments_of(event.object).exists():
        raise Stranger(f"no payment for dispute {event.object['id']}")
    return disputes_read.read(str(event.object["id"]))


def apply_event(event: Event, reading: Reading, now: datetime) -> str:
    return apply(reading, by=event.by, now=now)


def apply(reading: Reading, *, by: By, now: datetime) -> str:
    """Bring our dispute, its money and its payment's refunds to where a reading has them.

    Returns what changed, or "". Raises NotYet for a payment nobody knows (yet), Overlapping for a reading
    that may be older than what another one brought: ask again.
    """
    payments = payments_of(reading.dispute)
    try:
        with story_of(Booking.objects.filter(pk__in=payments.values("booking_id")), by=by, now=now) as story:
            done = _take_in(story, payments.get(), reading)
    except Booking.DoesNotExist:
        raise Stranger(f"no payment for dispute {reading.dispute['id']}") from None
    if done is None:
        raise Overlapping(f"dispute {reading.dispute['id']} was read by somebody else meanwhile")
    return done


def renew(dispute: str, *, by: By, now: datetime) -> Reading:
    """Ask Stripe for a dispute and apply it. Raises StripeFailure, or NotYet as apply does."""
    for _ in range(3):
        reading = disputes_read.read(dispute)
        with suppress(Overlapping):
            apply(reading, by=by, now=now)
            return reading
    raise Overlapping(f"dispute {dispute} is being read by others")


def payments_of(dispute: gateway.Answer) -> QuerySet[Payment]:
    """Name the disputed payment."""
    if intent := disputes_read.intent_of(dispute):
        return Payment.objects.filter(stripe_payment_intent_id=intent)
    charge = gateway.id_of(dispute.get("charge"))
    return Payment.objects.filter(~Q(stripe_charge_id=""), stripe_charge_id=charge)


def _take_in(story: Story, payment: Payment, reading: Reading) -> str | None:
    """Apply a reading under the booking's lock; None for one that nobody can place in time."""
    told = mirror(reading.dispute)
    row = payment.disputes.filter(stripe_dispute_id=reading.dispute["id"]).first()
    before = _as_known(row)
    if row is not None and reading.asked_at < row.heard_at:
        return "" if told == before else None
    row = row or _open(story, payment, reading, told)
    changes: dict[str, Any] = {name: value for name, value in told.items() if name != "status"}
    changes |= _answered(story, row, before, told)
    story.follow(row, told["status"], heard_at=reading.heard_at, **changes)
    disputes_money.write_lines(story, payment, reading.dispute)
    _tell_staff(story, row, before)
    _tell_answered(story, row, before)
    interlock.enforce(story, payment.pk)
    return f"dispute {row.status}" if told != before else ""


def mirror(dispute: gateway.Answer) -> dict[str, Any]:
    """What we keep of a dispute, as Stripe has it."""
    details = dispute.get("evidence_details") or {}
    due_by = details.get("due_by")
    return {
        "amount": dispute["amount"],
        "currency": dispute["currency"],
        "reason": dispute["reason"],
        "status": dispute["status"],
        "is_open": dispute["status"] not in Dispute.CLOSED,
        "is_charge_refundable": bool(dispute.get("is_charge_refundable")),
        "withdrawn": disputes_money.withdrawn(dispute),
        # 0 and null both mean that the bank takes no answer.
        "evidence_due_by": datetime.fromtimestamp(due_by, UTC) if due_by else None,
        "submissions": details.get("submission_count") or 0,
        "submission_method": details.get("submission_method") or "",
        "intended_submission_method": dispute.get("intended_submission_method") or "",
        "case_type": ((dispute.get("payment_method_details") or {}).get("card") or {}).get("case_type") or "",
        "enhanced": _programmes(dispute),
    }


def _programmes(dispute: gateway.Answer) -> dict[str, Any]:
    """The network programmes on offer, each with what Stripe says of it so far."""
    found = (dispute.get("evidence_details") or {}).get("enhanced_eligibility") or {}
    return {name: found.get(name) or {} for name in dispute.get("enhanced_eligibility_types") or []}


def _as_known(row: Dispute | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Dispute.MIRRORED} if row else {}


def _open(story: Story, payment: Payment, reading: Reading, told: dict[str, Any]) -> Dispute:
    row = Dispute(
        booking=story.booking,
        payment=payment,
        stripe_dispute_id=reading.dispute["id"],
        opened_at=datetime.fromtimestamp(reading.dispute["created"], UTC),
        heard_at=reading.heard_at,
        default_submission_method=told["intended_submission_method"],
        **told,
    )
    row.save(force_insert=True)
    names = ("status", "reason", "amount", "currency")
    story.record("dispute.opened", id=reading.dispute["id"], **{name: told[name] for name in names})
    return row


def _answered(story: Story, row: Dispute, before: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Evidence given, here or in Stripe's dashboard; or asked for anew, as when an inquiry escalates."""
    if told["submissions"] > before.get("submissions", 0) and row.submitted_at is None:
        return {"submitted_at": story.now}
    if before and told["evidence_due_by"] and told["evidence_due_by"] != before["evidence_due_by"]:
        anew: dict[str, Any] = {"reminded_days": None, "resolved_by": None, "resolved_at": None}
        if not told["submissions"]:
            anew |= {"staged_at": None, "submitted_at": None, "verified_at": None, "handing_in_until": None}
        return anew
    return {}


def _tell_answered(story: Story, row: Dispute, before: dict[str, Any]) -> None:
    """Evidence that nobody submitted here: by Stripe itself when the time was over, or in its dashboard."""
    if row.submissions <= before.get("submissions", 0) or not before:
        return
    by_stripe = row.submission_method == BY_STRIPE
    if row.handing_in_until is not None and not by_stripe:
        return
    facts = facts_of(row)
    if by_stripe:
        story.record("evidence.handed_in_by_stripe", id=str(row))
        messages.alert_staff(story, "evidence_submitted_by_stripe", about=str(row.pk), **facts)
    else:
        story.record("evidence.handed_in_elsewhere", id=str(row))
        messages.alert_staff(story, "evidence_submitted_elsewhere", about=str(row.pk), **facts)


def _tell_staff(story: Story, row: Dispute, before: dict[str, Any]) -> None:
    facts = facts_of(row)
    kind = "chargeback" if row.is_chargeback else "inquiry"
    is_news = not before or (row.is_chargeback and before["is_charge_refundable"])
    if row.is_open and before and not before["is_open"]:
        kind, is_news = "appeal", True
    if row.is_open and is_news:
        messages.alert_staff(story, "dispute_opened", about=f"{row.pk}:{kind}", **facts)
    if not row.is_open and before.get("is_open", True):
        again = ":appeal" if str(before.get("status", "")).startswith(APPEAL) else ""
        messages.alert_staff(story, "dispute_decided", about=f"{row.pk}:{row.status}{again}", **facts)


def facts_of(row: Dispute) -> dict[str, Any]:
    """What a mail about a dispute is made of."""
    return {
        "dispute": row.pk,
        "amount": row.amount,
        "currency": row.currency,
        "reason": row.reason,
        "status": row.status,
        "is_inquiry": row.is_charge_refundable,
        "due_by": row.evidence_due_by.isoformat() if row.evidence_due_by else None,
    }

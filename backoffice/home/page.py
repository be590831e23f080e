"""The admin's home: what needs a person first, then how the business does. A fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.agenda import today
from backoffice.home import attention, first_hour
from backoffice.home.money import chart, figures
from backoffice.home.takings import takings
from backoffice.toolkit.show import linked, list_url, page_url
from backoffice.toolkit.sold import appointment_link, called
from bookings.models import Business
from core import clock
from core.language import Words, span
from core.money import in_words
from core.work import heartbeat
from refunds.staff.actions import PENDING_TOO_LONG

# Counting goes so far; more than that needs a person anyway.
COUNTED = 1000
NEXT_DEADLINES = 5

A_MONTH_AGO, AN_HOUR_AGO = "a month ago", "an hour ago"
# For each concern: how it is told, the list that shows it, and the filter that makes it the same rows.
TOLD: dict[str, tuple[Words, str, dict[str, str]]] = {
    "refund_needs_attention": (
        gettext_lazy("Refunds that need a person"),
        "refundrecord",
        {"status": "needs_attention"},
    ),
    "refund_failed": (gettext_lazy("Refunds returned by the bank"), "refundrecord", {"status": "failed"}),
    "refund_canceled": (gettext_lazy("Refunds cancelled at Stripe"), "refundrecord", {"status": "canceled"}),
    "refund_unknown": (
        gettext_lazy("Refunds whose outcome is unknown"),
        "refundrecord",
        {"status": "unknown"},
    ),
    "refund_awaits_approval": (
        gettext_lazy("Refunds that wait for approval"),
        "refundrecord",
        {"status": "on_hold", "held_for__in": "approval,withdrawal"},
    ),
    "refund_held_by_staff": (
        gettext_lazy("Refunds that staff put on hold"),
        "refundrecord",
        {"status": "on_hold", "held_for__exact": "staff"},
    ),
    "refund_pending_for_a_month": (
        gettext_lazy("Refunds that the bank has had for a month"),
        "refundrecord",
        {"status": "pending", "requested_at__lt": A_MONTH_AGO},
    ),
    "payment_processing": (
        gettext_lazy("Payments that the bank is processing"),
        "payment",
        {"status__exact": "processing"},
    ),
    "hold_overdue": (
        gettext_lazy("Unpaid bookings whose hold doesn't end"),
        "booking",
        {"status__exact": "pending_payment", "hold_expires_at__lt": AN_HOUR_AGO},
    ),
    "alert_unsent": (gettext_lazy("Mails to staff that nobody got"), "message", {}),
    "payment_orphaned": (
        gettext_lazy("Payments that can't stay, on their way back"),
        "refundrecord",
        {
            "status": "queued,sending,unknown,pending,on_hold,needs_attention",
            "rule": "orphaned_payment",
        },
    ),
    "refund_maybe_paid_twice": (
        gettext_lazy("Refunds that may be paid twice"),
        "refundrecord",
        {"may_be_paid_twice__exact": "1", "twice_acknowledged__isnull": "True"},
    ),
    "dispute_needs_response": (
        gettext_lazy("Disputes without an answer"),
        "dispute",
        {"is_open__exact": "1", "submitted_at__isnull": "True", "evidence_due_by__isnull": "False"},
    ),
    "webhook_failed": (
        gettext_lazy("Stripe events that failed"),
        "webhookevent",
        {"status__exact": "failed"},
    ),
    "row_in_trouble": (gettext_lazy("Rows that fail again and again"), "putoff", {}),
    "books_differ": (
        gettext_lazy("Differences from Stripe's books"),
        "finding",
        {"resolved_at__isnull": "True"},
    ),
}


@dataclass(frozen=True)
class Concern:
    """Something that needs a person, and the rows behind it."""

    label: Words
    count: str
    age: str
    url: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: only for people who may see the rows behind the figures."""
    may_see = request.user.has_perm("refunds.view_refundrecord")
    context["may_see"] = may_see
    if may_see:
        now, zone = timezone.now(), Business.current().zone
        money = takings(now=now, zone=zone)
        context |= {
            "worker": _worker(clock.now()),
            "concerns": list(_concerns(now)),
            "deadlines": _deadlines(),
            "figures": figures(money),
            "charts": [chart(one, several=len(money) > 1) for one in money],
            "first_hour": first_hour.lines(),
            "today": today.of(now),
        }
    return context


def _worker(now: Any) -> str:
    """What to say about the worker; "" while it is at work."""
    last = heartbeat.last_seen()
    if last is None:
        return _("The worker was never seen: no refund goes out. Start `manage.py worker`.")
    if now - last > heartbeat.PROCESS_SILENT:
        seen = timezone.localtime(last).strftime("%-d %b, %H:%M:%S")
        return _("The worker was last seen on %(seen)s: no refund goes out. Start `manage.py worker`.") % {
            "seen": seen
        }
    if silent := heartbeat.silent_threads(now):
        return _("Nobody looks after %(threads)s. Start `manage.py worker` anew.") % {
            "threads": " and ".join(silent)
        }
    return ""


def _concerns(now: datetime) -> Iterator[Concern]:
    moments = {A_MONTH_AGO: now - PENDING_TOO_LONG, AN_HOUR_AGO: now - attention.HOLD_OVERDUE}
    since = {name: moment.isoformat() for name, moment in moments.items()}
    for kind, rows in attention.concerns(now).items():
        since_when = attention.waiting_since(rows, COUNTED + 1)
        if count := len(since_when):
            label, model, query = TOLD[kind]
            many = _("more than %(number)s") % {"number": f"{COUNTED:,}"} if count > COUNTED else f"{count:,}"
            waiting = next(filter(None, since_when), None)
            age = span(now - waiting) if waiting and waiting < now else ""
            exact = {name: since.get(value, value) for name, value in query.items()}
            yield Concern(label, many, age, list_url(model, exact))


def _deadlines() -> list[dict[str, Any]]:
    """The open disputes to be answered next."""
    waiting = attention.concerns()["dispute_needs_response"].select_related("booking__customer")
    return [
        {
            "due": dispute.evidence_due_by,
            "what": linked(page_url(dispute), dispute.stripe_dispute_id),
            "booking": appointment_link(dispute.booking),
            "customer": called(dispute.booking.customer),
            "amount": in_words(dispute.amount, dispute.currency),
        }
        for dispute in waiting.order_by("evidence_due_by")[:NEXT_DEADLINES]
    ]

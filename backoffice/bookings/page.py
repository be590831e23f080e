"""All of one booking on one page: read in a fixed number of queries, whatever happened to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from backoffice.toolkit.show import linked, page_url, stripe_link
from backoffice.toolkit.sold import called
from bookings.models import AuditEntry, Booking
from core.money import in_words
from payments.models import BalanceLine, Payment, PaymentTransaction, PayoutStatus, TransactionKind
from refunds.dispute_response import missing
from refunds.disputes import words as disputes_words
from refunds.models import Dispute, RefundRecord
from refunds.wording.trail import THROUGH, told, who

Cells = list[Any]


@dataclass(frozen=True)
class Table:
    """As unfold's table component takes it."""

    headers: list[str]
    rows: list[Cells]


@dataclass(frozen=True)
class Step:
    """Something that happened."""

    at: datetime
    what: str
    who: str
    through: str


@dataclass(frozen=True)
class StoryPage:
    """What the booking's page shows, oldest first."""

    booking: Booking
    facts: dict[str, str]
    statement: Table
    refunds: Table
    disputes: Table
    payments: Table
    steps: list[Step]
    missing: list[str]


def of_booking(booking: Booking) -> StoryPage:
    """Read the whole story."""
    return StoryPage(
        booking=booking,
        facts=_facts(booking),
        statement=Table(
            [_("When"), _("What"), _("Amount"), _("Balance"), _("At Stripe")],
            list(_lines(booking.transactions.order_by("occurred_at", "pk"))),
        ),
        refunds=Table(
            [_("Asked for"), _("Amount"), _("State"), _("Why"), _("At Stripe"), ""],
            [_refund(record) for record in booking.refunds.order_by("requested_at")],
        ),
        disputes=Table(
            [_("Opened"), _("Amount"), _("State"), _("Reason"), _("At Stripe"), ""],
            [_dispute(dispute) for dispute in booking.disputes.order_by("opened_at")],
        ),
        payments=Table(
            [_("Opened"), _("Amount"), _("State"), _("Stripe's fee"), _("Paid out"), _("At Stripe"), ""],
            list(_payments(booking)),
        ),
        steps=steps(list(booking.audit_entries.all()), booking.currency),
        missing=missing.of_booking(booking, timezone.now()),
    )


def _facts(booking: Booking) -> dict[str, str]:
    facts = {
        _("State"): booking.get_status_display(),
        _("Appointment"): _when(booking.starts_at),
        _("Service"): booking.service_name,
        _("Reference"): booking.reference,
        _("Price"): in_words(booking.amount, booking.currency),
        _("Customer"): _customer(booking),
        _("Everything back until"): _when(booking.refundable_until),
        _("Booked"): _when(booking.created_at),
    }
    if booking.cancelled_at:
        facts[_("Cancelled")] = _when(booking.cancelled_at)
    if booking.hold_expires_at:
        facts[_("Held until")] = _when(booking.hold_expires_at)
    return facts


def _customer(booking: Booking) -> str:
    """By name, with all their bookings a click away."""
    address = booking.customer.email
    found = f"{reverse('admin:bookings_booking_changelist')}?{urlencode({'q': address})}"
    return linked(found if address else "", called(booking.customer))


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i")


def _lines(movements: Iterable[PaymentTransaction]) -> Iterator[Cells]:
    """The balance runs per currency; fees are Stripe's price and stand beside it."""
    balances: dict[str, int] = {}
    for line in movements:
        counts = 0 if line.kind == TransactionKind.DISPUTE_FEE else line.amount
        balance = balances[line.currency] = balances.get(line.currency, 0) + counts
        yield [
            _when(line.occurred_at),
            line.get_kind_display(),
            in_words(line.amount, line.currency),
            in_words(balance, line.currency),
            stripe_link(line.stripe_id),
        ]


def _refund(record: RefundRecord) -> Cells:
    return [
        _when(record.requested_at),
        in_words(record.amount, record.currency),
        record.get_status_display(),
        record.get_rule_display(),
        stripe_link(record.stripe_refund_id),
        linked(page_url(record), _("Open refund")),
    ]


def _dispute(dispute: Dispute) -> Cells:
    return [
        _when(dispute.opened_at),
        in_words(dispute.amount, dispute.currency),
        disputes_words.state(dispute),
        str(disputes_words.reason(dispute).means),
        stripe_link(dispute.stripe_dispute_id),
        linked(page_url(dispute), _("Open dispute")),
    ]


def _payments(booking: Booking) -> Iterator[Cells]:
    charges = BalanceLine.objects.filter(payment__booking=booking, category="charge").select_related("payout")
    lines = {line.payment_id: line for line in charges}
    for payment in booking.payments.order_by("created_at"):
        yield _payment(payment, lines.get(payment.pk))


def _payment(payment: Payment, line: BalanceLine | None) -> Cells:
    return [
        _when(payment.created_at),
        in_words(payment.amount, payment.currency),
        payment.get_status_display(),
        in_words(line.fee, line.currency) if line else "-",
        _paid_out(line),
        stripe_link(payment.stripe_payment_intent_id),
        linked(page_url(payment), _("Open payment")),
    ]


def _paid_out(line: BalanceLine | None) -> str:
    """When it reached, or should reach, the bank account."""
    payout = line.payout if line else None
    if payout is None:
        return _("still at Stripe") if line else "-"
    day = date_format(payout.arrives_on, "j F Y")
    if payout.status == PayoutStatus.FAILED:
        return linked(page_url(payout), _("sent back by the bank; goes out again"))
    return linked(
        page_url(payout), day if payout.status == PayoutStatus.PAID else _("due on %(day)s") % {"day": day}
    )


def steps(entries: list[AuditEntry], currency: str) -> list[Step]:
    """What happened, in words."""
    names = staff_names(entry.actor for entry in entries)
    return [
        Step(
            at=entry.at,
            what=told(entry, currency=currency),
            who=who(entry.actor, names),
            through=str(THROUGH.get(entry.source, entry.source)),
        )
        for entry in entries
    ]


def staff_names(actors: Iterable[str]) -> dict[int, str]:
    """Names of the staff among the actors, by id."""
    numbers = [actor.removeprefix("staff:") for actor in actors if actor.startswith("staff:")]
    staff = User.objects.filter(pk__in={int(number) for number in numbers if number.isdigit()})
    return {user.pk: called(user) for user in staff}

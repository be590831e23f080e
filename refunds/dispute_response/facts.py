"""What the booking's own record says of a disputed payment: read here, told in evidence.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Booking, BookingStatus, Business
from core import sealing
from payments.models import Payment, PaymentStatus, PurchaseTrace
from refunds.cancellation import CANCELLATION_RULES
from refunds.models import Dispute, RefundRecord, SealedPerson
from refunds.wording.trail import told

WHO = {"customer": "The customer", "stripe": "Stripe", "system": "The system", "staff": "The business"}

# The bank knows the dispute; it wants to know what went before.
ABOUT_THE_DISPUTE = Q(action__startswith="dispute.") | Q(action__startswith="evidence.")
ABOUT_THE_DISPUTE |= Q(action__startswith="fraud_warning.") | Q(action="statement.dispute_fee")
ABOUT_THE_DISPUTE |= Q(action__startswith="statement.chargeback")
# Mails to the customer are told by themselves; notes for the day are the business's own.
ABOUT_THE_DISPUTE |= Q(action__in=("mail.sent", "booking.noted"))


@dataclass(frozen=True)
class Happening:
    """One entry of the booking's trail; staff stay unnamed."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Visit:
    """Another booking of the same customer."""

    reference: str
    service: str
    starts_at: datetime
    status: str
    charge: str
    amount: int
    booked_at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything that evidence is made of. Amounts are minor units; times are told in the business's zone.

    `now` is when it is told: what is still to come is told in the future.
    """

    now: datetime
    reason: str
    business: Business
    booking: Booking
    payment: Payment
    service: str
    customer_name: str
    customer_email: str
    purchase_ip: str
    booked_by: str
    moved: Sequence[datetime]
    cancelled_by: str
    shown_refund: int | None
    decision: RefundRecord | None
    refunds: Sequence[RefundRecord]
    messages: Sequence[tuple[datetime, str]]
    visits: Sequence[Visit]
    trail: Sequence[Happening]
    second_payments: Sequence[Payment]

    @property
    def zone(self) -> ZoneInfo:
        return self.business.zone

    @property
    def notice(self) -> timedelta:
        return self.booking.refund_notice

    @property
    def is_to_come(self) -> bool:
        return self.booking.status == BookingStatus.CONFIRMED and self.booking.starts_at > self.now

    @property
    def came(self) -> bool:
        """Whether somebody noted that the customer was there."""
        return self.booking.arrived_at is not None

    @property
    def agreed(self) -> bool:
        """Whether the customer booked themselves, having been shown the terms."""
        return self.booked_by == WHO["customer"]


def of(dispute: Dispute, now: datetime) -> Facts:
    """Read a dispute's booking whole."""
    booking = Booking.objects.select_related("resource", "customer").get(pk=dispute.booking_id)
    records = list(booking.refunds.order_by("requested_at", "pk"))
    name, email = _customer(booking)
    told_of = booking.audit_entries
    cancelled = told_of.filter(action="booking.cancelled").last()
    booked = told_of.first()
    return Facts(
        now=now,
        reason=dispute.reason,
        business=Business.current(),
        booking=booking,
        payment=dispute.payment,
        service=booking.service_name,
        customer_name=name,
        customer_email=email,
        purchase_ip=_purchase_ip(dispute.payment),
        booked_by=_who(booked.actor) if booked else "",
        moved=list(told_of.filter(action="booking.moved").values_list("at", flat=True)),
        cancelled_by=_who(cancelled.actor) if cancelled else "",
        shown_refund=cancelled.detail.get("shown") if cancelled else None,
        decision=next((record for record in records if record.rule in CANCELLATION_RULES), None),
        refunds=[record for record in records if record.amount],
        messages=_messages(booking),
        visits=_visits(booking),
        trail=_trail(booking),
        second_payments=_second_payments(dispute.payment),
    )


def _purchase_ip(payment: Payment) -> str:
    trace = PurchaseTrace.objects.filter(payment=payment).first()
    return str(trace.ip or "") if trace else ""


def _second_payments(payment: Payment) -> list[Payment]:
    """Others that were paid for the same booking."""
    paid = Payment.objects.filter(booking_id=payment.booking_id, status=PaymentStatus.SUCCEEDED)
    return list(paid.exclude(pk=payment.pk).order_by("created_at"))


def _customer(booking: Booking) -> tuple[str, str]:
    """Name and address; of somebody erased as they were sealed for this."""
    sealed = SealedPerson.objects.filter(user=booking.customer_id).first()
    known = sealing.unseal(sealed.sealed) if sealed else {}
    customer = booking.customer
    name = customer.get_full_name() or known.get("name") or customer.get_username()
    return name, customer.email or known.get("email", "")


def _trail(booking: Booking) -> list[Happening]:
    entries = booking.audit_entries.exclude(ABOUT_THE_DISPUTE)
    return [
        Happening(entry.at, _who(entry.actor), told(entry, currency=booking.currency)) for entry in entries
    ]


def _who(actor: str) -> str:
    return WHO.get(actor.partition(":")[0], "The system")


def _messages(booking: Booking) -> list[tuple[datetime, str]]:
    sent = booking.messages.filter(to="customer", sent_at__isnull=False).order_by("sent_at")
    return [(at, kind) for at, kind in sent.values_list("sent_at", "kind") if at]


def _visits(booking: Booking) -> list[Visit]:
    kept = (
        BookingStatus.CONFIRMED,
        BookingStatus.COMPLETED,
        BookingStatus.NO_SHOW,
        BookingStatus.CANCELLED,
    )
    others = Booking.objects.filter(customer_id=booking.customer_id, status__in=kept).exclude(pk=booking.pk)
    return [
        Visit(
            reference=other.reference,
            service=other.service_name,
            starts_at=other.starts_at,
            status=other.get_status_display(),
            charge=_charge(other),
            amount=other.amount,
            booked_at=other.created_at,
        )
        for other in others.prefetch_related("payments").order_by("-starts_at")[:50]
    ]


def _charge(booking: Booking) -> str:
    paid = [p.stripe_charge_id for p in booking.payments.all() if p.status == PaymentStatus.SUCCEEDED]
    return paid[0] if paid else ""

"""Figures that steer, month by month: disputes by card network, fees lost on refunds, appointments lost."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Sum

from bookings.models import Booking, BookingStatus, Business
from payments.books import calendar_month
from payments.models import BalanceLine, MonthTotal
from refunds.models import EarlyFraudWarning, RefundRecord, RefundRule

BACK = 6


@dataclass(frozen=True)
class Limit:
    """From when on a network watches a business: so many in a month, and such a share of its payments."""

    name: str
    cases: int
    share: float
    # Mastercard divides by the payments of the month before.
    of_month_before: bool = False
    counts_fraud_warnings: bool = False


# As published for November 2026: Visa's VAMP (excessive merchants) and Mastercard's ECM.
LIMITS = {
    "visa": Limit("Visa VAMP", 1500, 0.015, counts_fraud_warnings=True),
    "mastercard": Limit("Mastercard ECM", 100, 0.015, of_month_before=True),
}


@dataclass(frozen=True)
class Ratio:
    """A network's disputes of a month; `share` is None where there were no payments to divide by."""

    network: str
    payments: int
    disputes: int
    warnings: int
    share: float | None
    limit: Limit | None

    @property
    def is_over(self) -> bool:
        """Both the share and the number of cases are reached."""
        cases = self.disputes + (self.warnings if self.limit and self.limit.counts_fraud_warnings else 0)
        reached = self.limit is not None and self.share is not None and self.share >= self.limit.share
        return bool(reached and self.limit and cases >= self.limit.cases)


def latest(today: date) -> list[date]:
    """The months that are shown, newest first."""
    named = [today.replace(day=1)]
    while len(named) < BACK:
        named.append(calendar_month.preceding(named[-1]))
    return named


def ratios(named: date) -> list[Ratio]:
    """Of all payments that the account took, ours or not: so the networks count."""
    paid, disputed = _by_network(named, "charge"), _by_network(named, "dispute")
    before, warned = _by_network(calendar_month.preceding(named), "charge"), _warned(named)
    networks = sorted({*paid, *disputed, *warned} - {""})
    return [_ratio(one, paid[one], before[one], disputed[one], warned[one]) for one in networks]


def _ratio(network: str, paid: int, before: int, disputed: int, warned: int) -> Ratio:
    limit = LIMITS.get(network)
    base = before if limit and limit.of_month_before else paid
    cases = disputed + (warned if limit and limit.counts_fraud_warnings else 0)
    return Ratio(network, paid, disputed, warned, cases / base if base else None, limit)


def _by_network(named: date, category: str) -> Counter[str]:
    totals = MonthTotal.objects.filter(month=named, category=category).order_by()
    return Counter(dict(totals.values_list("network").annotate(count=Sum("lines"))))


def _warned(named: date) -> Counter[str]:
    zone = Business.current().zone
    begin, end = (calendar_month.begin(day, zone) for day in (named, calendar_month.following(named)))
    warnings = EarlyFraudWarning.objects.filter(warned_at__gte=begin, warned_at__lt=end)
    charges = BalanceLine.objects.filter(category="charge", payment__in=warnings.values("payment"))
    return Counter(
        dict(charges.order_by().values_list("network").annotate(count=Count("payment", distinct=True)))
    )


def fees_lost(named: date) -> dict[str, int]:
    """What Stripe kept of payments that went back this month, by currency: its fee isn't returned.

    Of a payment that went back in part, the same part of its fee.
    """
    back = BalanceLine.objects.filter(
        month=named, category__in=("refund", "refund_failure"), payment__isnull=False
    )
    by_payment = dict(back.order_by().values_list("payment").annotate(sum=Sum("amount")))
    lost: Counter[str] = Counter()
    charges = BalanceLine.objects.filter(category="charge", payment__in=back.values("payment"), amount__gt=0)
    for payment, currency, fee, amount in charges.values_list("payment", "currency", "fee", "amount"):
        lost[currency] += round(fee * -by_payment[payment] / amount)
    return dict(lost)


@dataclass(frozen=True)
class Lost:
    """Appointments of a month: how many there were, and how many nobody came to or were cancelled late."""

    all: int
    no_shows: int
    late: int


def appointments(named: date) -> Lost:
    """Of the appointments that were to begin in this month and were paid."""
    zone = Business.current().zone
    begin, end = (calendar_month.begin(day, zone) for day in (named, calendar_month.following(named)))
    booked = Booking.objects.filter(starts_at__gte=begin, starts_at__lt=end)
    too_late = RefundRecord.objects.filter(booking=OuterRef("pk"), rule=RefundRule.TOO_LATE)
    return Lost(
        **booked.aggregate(
            all=Count("pk", filter=Q(status__in=("confirmed", "completed", "no_show", "cancelled"))),
            no_shows=Count("pk", filter=Q(status="no_show")),
            # In the same pass: asked alone, PostgreSQL goes through all that were ever cancelled.
            late=Count("pk", filter=Q(status=BookingStatus.CANCELLED) & Q(Exists(too_late))),
        )
    )

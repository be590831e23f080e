"""The appointments of some days as the agenda shows them: whose, what, how far, paid or not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from backoffice.toolkit.show import page_url
from backoffice.toolkit.sold import called
from bookings.models import Booking, BookingStatus, PayAt
from core.money import in_words
from payments.models import Payment, PaymentStatus

LONGEST_SEEN = timedelta(days=2)
GONE = (BookingStatus.CANCELLED, BookingStatus.EXPIRED)


@dataclass(frozen=True)
class Entry:
    """One appointment; `state` names its colour and `words` say the same."""

    booking: Booking
    starts_at: datetime
    ends_at: datetime
    who: str
    state: str
    words: str
    money: str
    is_paid: bool
    url: str
    may_move: bool
    may_arrive: bool
    may_be_missed: bool

    @property
    def contact(self) -> str:
        customer = self.booking.customer
        return ", ".join(filter(None, (getattr(customer, "phone", ""), customer.email)))


@dataclass(frozen=True)
class Group:
    """Appointments that share a time: one for most services, several for a class."""

    entries: Sequence[Entry]
    capacity: int

    @property
    def first(self) -> Entry:
        return self.entries[0]

    @property
    def title(self) -> str:
        if self.capacity > 1:
            return _("%(number)s of %(capacity)s") % {"number": len(self.entries), "capacity": self.capacity}
        return self.first.who


def between(
    start: datetime, end: datetime, *, zone: ZoneInfo, now: datetime, only: int | None = None
) -> list[Entry]:
    """What stands between two moments, of everybody or `only` of one, in order of time; in two queries."""
    found = (
        Booking.objects.filter(starts_at__gte=start - LONGEST_SEEN, starts_at__lt=end, ends_at__gt=start)
        .exclude(status__in=GONE)
        .select_related("customer", "service", "resource")
        .order_by("starts_at", "id")
    )
    bookings = list(found if only is None else found.filter(resource=only))
    paid = _paid(bookings)
    return [entry_of(booking, booking.pk in paid, zone=zone, now=now) for booking in bookings]


def counted(first: date, last: date, *, zone: ZoneInfo) -> dict[date, int]:
    """How many begin on each of these days."""
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    found = Booking.objects.filter(starts_at__gte=start, starts_at__lt=end).exclude(status__in=GONE)
    by_day = found.order_by().values_list(TruncDate("starts_at", tzinfo=zone))
    return dict(by_day.annotate(count=Count("pk")))


def groups(entries: Iterable[Entry]) -> list[Group]:
    """Those of one class together."""
    shared: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        booking = entry.booking
        alone = booking.pk if booking.service.capacity == 1 else None
        shared[(booking.service_id, booking.resource_id, booking.starts_at, alone)].append(entry)
    return [Group(those, those[0].booking.service.capacity) for those in shared.values()]


def entry_of(booking: Booking, is_paid: bool, *, zone: ZoneInfo, now: datetime) -> Entry:
    state, words = _state(booking, is_paid)
    is_confirmed = booking.status == BookingStatus.CONFIRMED
    return Entry(
        booking=booking,
        starts_at=booking.starts_at.astimezone(zone),
        ends_at=booking.ends_at.astimezone(zone),
        who=called(booking.customer),
        state=state,
        words=words,
        money=_money(booking, is_paid),
        is_paid=is_paid,
        url=page_url(booking),
        may_move=is_confirmed and booking.starts_at > now,
        may_arrive=is_confirmed,
        may_be_missed=is_confirmed and booking.starts_at <= now and booking.arrived_at is None,
    )


def is_paid(booking: Booking) -> bool:
    return bool(_paid([booking]))


def _paid(bookings: Sequence[Booking]) -> set[int]:
    """Which of them money came in for."""
    keys = [booking.pk for booking in bookings]
    paid = Payment.objects.filter(booking__in=keys, status=PaymentStatus.SUCCEEDED, orphaned=False)
    return set(paid.values_list("booking_id", flat=True))


def _state(booking: Booking, is_paid: bool) -> tuple[str, str]:
    if booking.status == BookingStatus.CONFIRMED:
        if booking.arrived_at is not None:
            return "arrived", _("Arrived")
        return ("paid", _("Paid")) if is_paid else ("desk", _("Pays here"))
    return {
        BookingStatus.PENDING_PAYMENT: ("waiting", _("Not paid yet")),
        BookingStatus.COMPLETED: ("done", _("Done")),
        BookingStatus.NO_SHOW: ("missed", _("Did not come")),
    }[BookingStatus(booking.status)]


def _money(booking: Booking, is_paid: bool) -> str:
    price = in_words(booking.amount, booking.currency)
    if is_paid:
        return _("%(price)s, paid") % {"price": price}
    if booking.pay_at == PayAt.DESK:
        return _("%(price)s, to be paid at the desk") % {"price": price}
    return _("%(price)s, to be paid in the app") % {"price": price}

"""What customers look at, beside a bare Django view with one query and beside a bare DRF view."""

from collections.abc import Sequence

from bench.beside import beside, p99, told
from bench.figures import Figure
from bench.load import Site
from bench.stock import Stock
from payments.models import Payment

STATUS = "/api/v1/payment/refund-status/?booking_reference={}"
BOOKING = "/api/v1/booking/{}/"
# Open from eight to eight (bench/day.py), every quarter of an hour of a week.
SLOTS = "/api/v1/service/{}/slots/"
PLAIN, DRF = "/bench/plain/{}/", "/bench/booking/{}/"


def reads(site: Site, stock: Stock, payments: Sequence[Payment], *, size: int) -> list[Figure]:
    """The refund status, the booking and free times, in turn with the bare views."""

    def measured(name: str, path: str, floor: str, at_least: float | None = None) -> list[Figure]:
        return _beside_bare(name, path, floor, site, stock, payments, size, at_least)

    return [
        *measured("refund status", STATUS, PLAIN, at_least=0.45),
        *measured("booking", BOOKING, PLAIN, at_least=0.4),
        *measured("free times of a week", slots_of(stock), PLAIN, at_least=0.2),
        *measured("refund status", STATUS, DRF, at_least=0.6)[:1],
    ]


def _beside_bare(
    name: str,
    path: str,
    bare: str,
    site: Site,
    stock: Stock,
    payments: Sequence[Payment],
    size: int,
    at_least: float | None,
) -> list[Figure]:
    parts = [payments[start : start + size] for start in range(0, len(payments), size)]
    pair = beside(site, ((gets(site, bare, stock, part), gets(site, path, stock, part)) for part in parts))
    floor = "bare DRF read" if bare == DRF else "bare Django view"
    return [
        Figure(f"{name} ÷ {floor}", told(pair), pair.ratio, at_least=at_least),
        # What may take five times as long takes as much longer in the slowest case.
        p99(name, pair, at_most=3.0 if path != slots_of(stock) else None),
    ]


def slots_of(stock: Stock) -> str:
    return SLOTS.format(stock.service.pk)


def gets(site: Site, path: str, stock: Stock, payments: Sequence[Payment]) -> list[bytes]:
    return [
        site.request(
            "GET",
            path.format(payment.booking.reference),
            Authorization=stock.authorization[payment.booking.customer_id],
        )
        for payment in payments
    ]

"""What customers look at, beside a bare DRF view that reads one row."""

from collections.abc import Sequence

from bench.beside import beside
from bench.figures import Figure, ms
from bench.load import Site
from bench.stock import Stock
from payments.models import Payment

STATUS = "/api/v1/payment/refund-status/?booking_reference={}"
BOOKING = "/api/v1/booking/{}/"
BARE = "/bench/booking/{}/"


def reads(site: Site, stock: Stock, payments: Sequence[Payment], *, size: int) -> list[Figure]:
    """The refund status and the booking of each payment, in turn with the bare view."""
    return [
        _beside_bare("refund status ÷ bare DRF read", STATUS, site, stock, payments, size, at_least=0.6),
        _beside_bare("booking ÷ bare DRF read", BOOKING, site, stock, payments, size),
    ]


def _beside_bare(
    name: str,
    path: str,
    site: Site,
    stock: Stock,
    payments: Sequence[Payment],
    size: int,
    at_least: float | None = None,
) -> Figure:
    parts = [payments[start : start + size] for start in range(0, len(payments), size)]
    pair = beside(site, ((gets(site, BARE, stock, part), gets(site, path, stock, part)) for part in parts))
    result = (
        f"{pair.ours.rate:.0f}/s beside {pair.floor.rate:.0f}/s; "
        f"p50 {ms(pair.ours.percentile(50))}, p99 {ms(pair.ours.percentile(99))}"
    )
    return Figure(name, result, pair.ratio, at_least=at_least)


def gets(site: Site, path: str, stock: Stock, payments: Sequence[Payment]) -> list[bytes]:
    return [
        site.request(
            "GET",
            path.format(payment.booking.reference),
            Authorization=stock.authorization[payment.booking.customer_id],
        )
        for payment in payments
    ]

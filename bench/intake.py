"""Webhooks: how many a second are taken in and applied in full, beside the floor."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench import floor
from bench.beside import Pair, beside, p99, told
from bench.figures import Figure
from bench.load import Site, WrongAnswer
from bench.mint import Mint, signed
from bench.stock import Stock
from payments.models import Payment
from payments.views import webhook
from refunds.models import RefundRecord

ADDRESS = "/api/v1/payment/webhook/"
JSON = "application/json"
TO_BEGIN_AND_END = ("BEGIN", "COMMIT")

Row = TypeVar("Row", Payment, RefundRecord)


def payments_received(
    site: Site, stock: Stock, mint: Mint, *, rounds: int, size: int, now: datetime
) -> tuple[list[Figure], list[Payment]]:
    """payment_intent.succeeded until all bookings are confirmed; also returns their payments."""
    payments = stock.unpaid(rounds * size + 2, now=now)
    _statements(mint.paid(payments[0]))  # the first one of a process also asks whose site it is
    counted = _statements(mint.paid(payments[1]))
    pair = _in_turns(site, payments[2:], mint.paid, size)
    keys = [payment.pk for payment in payments]
    _see_that_all("payments", Payment.objects.filter(pk__in=keys, booking__status="confirmed"), payments)
    return _figures("payment_intent.succeeded", pair, counted, at_most=7), payments


def refunds_settled(site: Site, mint: Mint, payments: Sequence[Payment], *, size: int) -> list[Figure]:
    """refund.updated until the records of these cancelled bookings are all succeeded."""
    records = _pending(payments)
    counted = _statements(mint.refunded(records[0]))
    pair = _in_turns(site, records[1:], mint.refunded, size)
    _see_that_all("refunds", RefundRecord.objects.filter(payment__in=payments, status="succeeded"), records)
    return _figures("refund.updated", pair, counted, at_most=6)


def _pending(payments: Sequence[Payment]) -> list[RefundRecord]:
    """The records of these cancelled bookings, as if Stripe had taken them and the bank had not yet said."""
    records = list(RefundRecord.objects.filter(payment__in=payments).select_related("payment"))
    for record in records:
        record.status, record.stripe_refund_id = "pending", f"re_{record.pk.hex[:24]}"
    RefundRecord.objects.bulk_update(records, ["status", "stripe_refund_id"], batch_size=500)
    return records


def mixed(
    site: Site, stock: Stock, mint: Mint, refunded: Sequence[Payment], *, size: int, now: datetime
) -> list[Figure]:
    """Payments, refunds, refused cards, charges given back and disputes, as many of each."""
    records = _pending(refunded)
    payments = stock.unpaid(len(records), now=now)
    bodies = [
        body
        for number, (payment, record) in enumerate(zip(payments, records, strict=True))
        for body in (
            mint.declined(payment),
            mint.paid(payment),
            mint.refunded(record),
            mint.of_charge(payment, number),
        )
    ]
    few = bodies[:size]
    before = _written()
    site.send(posts(site, ADDRESS, few))
    written = (_written() - before) / len(few)
    pair = _in_turns(site, bodies[size:], lambda body: body, size)
    _see_that_all("refunds", RefundRecord.objects.filter(payment__in=refunded, status="succeeded"), records)
    keys = [payment.pk for payment in payments]
    _see_that_all("payments", Payment.objects.filter(pk__in=keys, booking__status="confirmed"), payments)
    return [
        Figure("events of all types mixed ÷ floor", told(pair), pair.ratio, at_least=0.35),
        p99("events of all types mixed", pair),
        Figure("WAL of an event, all types mixed", "", written, " bytes", at_most=4000),
    ]


def _written() -> int:
    """How far the database's log has come, in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


def _in_turns(site: Site, rows: Sequence[Any], body_of: Callable[[Any], bytes], size: int) -> Pair:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # autovacuum would within the minute: all these rows came at once

    def rounds() -> Iterator[tuple[list[bytes], list[bytes]]]:
        for start in range(0, len(rows), size):
            bodies = [body_of(row) for row in rows[start : start + size]]
            yield posts(site, floor.WEBHOOK, bodies), posts(site, ADDRESS, bodies)

    return beside(site, rounds())


def posts(site: Site, address: str, bodies: Sequence[bytes]) -> list[bytes]:
    """Requests that bring these events, signed now."""
    return [
        site.request("POST", address, body, Content_Type=JSON, **header)
        for body, header in zip(bodies, signed(bodies), strict=True)
    ]


def _statements(body: bytes) -> tuple[int, int]:
    """How many statements, and how many commits, one event takes."""
    request = RequestFactory().post(ADDRESS, body, content_type=JSON, headers=signed([body])[0])
    with CaptureQueriesContext(connection) as captured:
        webhook(request)
    texts = [query["sql"] for query in captured.captured_queries]
    return sum(text not in TO_BEGIN_AND_END for text in texts), texts.count("COMMIT")


def _see_that_all(what: str, done: QuerySet[Row], wanted: Sequence[Row]) -> None:
    if done.count() != len(wanted):
        raise WrongAnswer(f"only {done.count()} of {len(wanted)} {what} were applied")


def _figures(event: str, pair: Pair, counted: tuple[int, int], *, at_most: int) -> list[Figure]:
    return [
        Figure(f"`{event}` applied in full ÷ floor", told(pair), pair.ratio),
        Figure(f"statements for each `{event}`", "with its audit entries", counted[0], at_most=at_most),
        Figure(f"commits for each `{event}`", "", counted[1], at_most=1),
        p99(f"`{event}`", pair),
    ]

"""Cancellations: how many a second, and how long until Stripe has accepted the refund."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime

from bench import machine
from bench.figures import Figure, ms
from bench.intake import ADDRESS, posts
from bench.load import Site, WrongAnswer
from bench.mint import Mint
from bench.stock import Stock
from payments.models import Payment
from sandbox.client import Sandbox

STRIPES_LATENCY = 0.05
PATIENCE_SECONDS = 60
LOOK_EVERY = 0.01


def cancellations(site: Site, stock: Stock, payments: Sequence[Payment]) -> Figure:
    """Cancel these bookings; their refunds are left in the queue."""
    measured = site.send(cancels(site, stock, payments))
    result = f"p50 {ms(measured.percentile(50))}, p99 {ms(measured.percentile(99))}"
    return Figure("cancellations", result, measured.rate, "/s")


def accepted(site: Site, stock: Stock, mint: Mint, sandbox: Sandbox, *, count: int, now: datetime) -> Figure:
    """Cancel one by one, with a worker running, and wait until Stripe has each refund."""
    payments = paid_at_stripe(site, stock, mint, sandbox, count=count, now=now)
    sandbox.fault("latency", seconds=STRIPES_LATENCY)
    with machine.worker():
        took = [_until_accepted(site, stock, sandbox, payment) for payment in payments]
    sandbox.clear_faults()
    median = statistics.median(took[1:])  # the first also waits for the worker to start
    result = f"slowest {ms(max(took[1:]))}; Stripe's own latency {ms(STRIPES_LATENCY)}"
    return Figure("cancelled → refund accepted, median", result, median, " s", at_most=1.0)


def paid_at_stripe(
    site: Site, stock: Stock, mint: Mint, sandbox: Sandbox, *, count: int, now: datetime
) -> list[Payment]:
    """Confirmed bookings whose payments the sandbox knows; no worker has anything else to do."""
    stock.clear_queues(now=now)
    payments = stock.unpaid(count, now=now, intents=sandbox.seed(count))
    site.send(posts(site, ADDRESS, [mint.paid(payment) for payment in payments]))
    return payments


def cancels(site: Site, stock: Stock, payments: Sequence[Payment]) -> list[bytes]:
    """Requests that cancel these payments' bookings."""
    return [
        site.request(
            "POST",
            f"/api/v1/booking/{payment.booking.reference}/cancel/",
            b"{}",
            Content_Type="application/json",
            Authorization=stock.authorization[payment.booking.customer_id],
        )
        for payment in payments
    ]


def _until_accepted(site: Site, stock: Stock, sandbox: Sandbox, payment: Payment) -> float:
    started = time.perf_counter()
    site.send(cancels(site, stock, [payment]))
    while not sandbox.refunds_of(payment.stripe_payment_intent_id or ""):
        if time.perf_counter() - started > PATIENCE_SECONDS:
            raise WrongAnswer("a refund was never sent")
        time.sleep(LOOK_EVERY)
    return time.perf_counter() - started

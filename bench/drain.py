"""A queue of refunds, worked off by two workers under Stripe's rate limit."""

import time
from contextlib import ExitStack
from datetime import datetime

from bench import machine
from bench.cancels import cancels, paid_at_stripe
from bench.figures import Figure
from bench.load import Site, WrongAnswer
from bench.mint import Mint
from bench.stock import Stock
from refunds.models import RefundRecord
from sandbox.client import Sandbox

WORKERS = 2
# Stripe's for test keys and for each endpoint; ours is the pace below it.
LIMIT = 25
CREATE = "POST /v1/refunds"
PATIENCE_SECONDS = 120
LOOK_EVERY = 0.02


def drain(
    site: Site, stock: Stock, mint: Mint, sandbox: Sandbox, *, count: int, now: datetime
) -> list[Figure]:
    """Queue refunds and start the workers; from the first refund that Stripe gets to the last."""
    payments = paid_at_stripe(site, stock, mint, sandbox, count=count, now=now)
    site.send(cancels(site, stock, payments))
    sandbox.limits(overall=LIMIT, per_endpoint=LIMIT)
    before = sandbox.stats()
    with ExitStack() as workers:
        for _ in range(WORKERS):
            workers.enter_context(machine.worker())
        seconds = _from_first_to_last(sandbox, before["by_endpoint"].get(CREATE, 0), count)
    after = sandbox.stats()
    sandbox.limits()
    if RefundRecord.objects.filter(payment__in=payments, status="succeeded").count() != count:
        raise WrongAnswer("not all refunds were sent and known to be")
    rate = (count - 1) / seconds
    result = f"{rate:.1f} refunds/s by {WORKERS} workers, {machine.PACE} requests/s allowed"
    return [
        Figure("refund drain ÷ allowed pace", result, rate / machine.PACE, at_least=0.9),
        Figure("429s while draining", "", after["too_many"] - before["too_many"], at_most=0),
    ]


def _from_first_to_last(sandbox: Sandbox, before: int, count: int) -> float:
    deadline, started = time.monotonic() + PATIENCE_SECONDS, 0.0
    while time.monotonic() < deadline:
        sent = sandbox.stats()["by_endpoint"].get(CREATE, 0) - before
        if sent and not started:
            started = time.monotonic()
        if sent >= count:
            return time.monotonic() - started
        time.sleep(LOOK_EVERY)
    raise WrongAnswer("the refunds were not sent in time")

"""One run from end to end, for the worker, the command and the admin."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.work import jobs
from payments import gateway
from refunds.models import ReconciliationRun
from refunds.reconciliation import findings, missed_events, movements, open_rows, window
from refunds.reconciliation.account import payouts, proofs
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.dispute_objects import DISPUTE
from refunds.reconciliation.payment_intents import PAYMENT_INTENT
from refunds.reconciliation.refund_objects import REFUND
from refunds.reconciliation.subjects import Subject
from refunds.reconciliation.tally import Tally
from refunds.reconciliation.window import Clock, Window

log = structlog.get_logger()
JOB = "reconciliation"
NOT_TO_BE_LISTED = (400, 401, 403, 404)

List = Callable[[int, int], gateway.Pages]
Step = Callable[[Comparison, Window], None]
LISTS: tuple[tuple[Subject, List], ...] = (
    (PAYMENT_INTENT, gateway.intent_pages),
    (REFUND, gateway.refund_pages),
    (DISPUTE, gateway.dispute_pages),
)


@dataclass(frozen=True)
class Outcome:
    """`left` is how many findings are open when the run is over."""

    window: Window
    tally: Tally
    left: int


def reconcile(*, clock: Clock, source: str, back: timedelta | None = None) -> Outcome:
    """Bring the books in line with Stripe's from `back` ago, or from the bookmark, until now.

    Raises StripeFailure when Stripe can't be asked: what was healed stays, the next run does the rest.
    """
    now = clock()
    seen = window.window(now=now, back=back)
    run = ReconciliationRun.objects.create(source=source, since=seen.since, until=seen.until, started_at=now)
    comparison = Comparison(clock)
    try:
        _compare(comparison, seen)
    except gateway.StripeFailure as error:
        _finish(run, comparison.tally, error=f"{type(error).__name__}: {error}"[:200])
        raise
    left = findings.write_down(comparison)
    _finish(run, comparison.tally, finished_at=clock(), found=left)
    window.move_bookmark(seen, now)
    return Outcome(seen, comparison.tally, left)


def rehearse(*, clock: Clock, back: timedelta | None = None) -> Outcome:
    """Compare only: nothing is changed, here or at Stripe."""
    seen = window.window(now=clock(), back=back)
    comparison = Comparison(clock, dry_run=True)
    _compare(comparison, seen)
    tally = comparison.tally
    differing = {(found.kind, found.stripe_id) for found in (*tally.healable, *tally.found.values())}
    return Outcome(seen, tally, len(differing))


def _compare(comparison: Comparison, seen: Window) -> None:
    _if_permitted(missed_events.take_in, comparison, seen)
    for day in seen.slices():
        for subject, pages in LISTS:
            for page in comparison.paced(pages(*day.unix)):
                comparison.look_at(subject, page[::-1])
    open_rows.look_up(comparison, seen)
    _if_permitted(movements.compare, comparison, seen)
    for step in (payouts.look, proofs.prove_payouts, proofs.prove_balance):
        _if_permitted(step, comparison, seen)
    findings.look_again(comparison)


def _if_permitted(step: Step, comparison: Comparison, seen: Window) -> None:
    """A key that may not list events or balance transactions still has its objects compared.

    Without events less is told of how things came about, without movements the drift is unknown.
    """
    try:
        step(comparison, seen)
    except gateway.StripeFailure as error:
        if error.status not in NOT_TO_BE_LISTED:
            raise
        log.warning("reconcile.not_permitted", step=step.__module__, code=error.code)


def _finish(run: ReconciliationRun, tally: Tally, **fields: object) -> None:
    figures = {"counts": tally.counts, "healed": tally.healed, "drift": tally.drift}
    ReconciliationRun.objects.filter(pk=run.pk).update(**figures, **fields)


def ask_for(*, now: datetime) -> None:
    """Have the worker reconcile at once."""
    jobs.hurry(JOB, now=now)


def on_schedule(clock: Callable[[], datetime]) -> int:
    """The worker's turn: returns how much was healed."""
    try:
        outcome = reconcile(clock=clock, source="worker")
    except gateway.StripeFailure as error:
        log.warning("reconcile.stripe_unavailable", code=error.code)
        return 0
    tally = outcome.tally
    log.info("reconciled", healed=tally.healed, left=outcome.left, drift=tally.drift)
    return tally.healed

"""Two proofs: each payout is the sum of what is in it, and all lines together are what Stripe holds."""

from datetime import datetime, timedelta

from core.models import Mark
from payments import gateway
from payments.books import beginning, months, payouts
from payments.models import BalanceLine, Payout
from refunds.models import Finding
from refunds.models.reconciliation import Kind
from refunds.reconciliation.account import lines
from refunds.reconciliation.account.lines import BALANCE_LINE
from refunds.reconciliation.account.payouts import PAYOUT, list_lines
from refunds.reconciliation.comparing import Comparison
from refunds.reconciliation.subjects import Difference
from refunds.reconciliation.window import OVERLAP, Window

BALANCE = "balance"
PROVED = "balance_proved"
# Money moves while we look: so often it is looked at again before it is left to the next run.
TRIES = 3
Sums = dict[str, int]


def prove_payouts(comparison: Comparison, window: Window) -> None:
    """Each automatic payout is the sum of its lines; where it isn't Stripe is asked again."""
    for payout, _ in list(payouts.unproved()):
        if not comparison.dry_run:
            _look_for_strangers(comparison, payout, list_lines(comparison, payout))
    for payout, sum_ in payouts.unproved():
        ours, theirs = f"{sum_} {payout.currency}", f"{payout.amount} {payout.currency}"
        comparison.tally.keep(Difference(Kind.AMOUNT, payout.stripe_id, ours, theirs, None, PAYOUT.name))


def _look_for_strangers(comparison: Comparison, payout: Payout, listed: set[str]) -> None:
    """Lines of ours that Stripe doesn't list for the payout."""
    for line in payout.lines.exclude(stripe_id__in=listed):
        comparison.look_up(BALANCE_LINE, line.stripe_id, booking=None, ours=f"{line.net} {line.currency}")


def prove_balance(comparison: Comparison, window: Window) -> None:
    """What Stripe held when the books began and all lines since are what it holds now, to the cent."""
    if comparison.dry_run:
        return
    held = _held(comparison, Window(comparison.now - OVERLAP, window.until))
    if held is None:
        _keep_what_was_found(comparison)
        return
    beginning.begin(window.since, held=held, now=comparison.now)
    if _differing(held):
        _look_from_the_last_proof(comparison, window)
    differing = _differing(held)
    for currency, (ours, theirs) in differing.items():
        comparison.tally.keep(
            Difference(
                Kind.AMOUNT,
                f"balance_{currency}",
                f"{ours} {currency}",
                f"{theirs} {currency}",
                None,
                BALANCE,
            )
        )
    if not differing:
        Mark.objects.update_or_create(name=PROVED, defaults={"at": comparison.now})


def _held(comparison: Comparison, lately: Window) -> Sums | None:
    """What Stripe holds, all of whose lines we have; None while it keeps changing."""
    before = _ask(comparison)
    for _ in range(TRIES):
        lines.list_again(comparison, lately)
        after = _ask(comparison)
        if after == before:
            return after
        before = after
    return None


def _ask(comparison: Comparison) -> Sums:
    comparison.wait()
    return gateway.held_balance()


def _differing(held: Sums) -> dict[str, tuple[int, int]]:
    ours = months.held()
    both = {name: (ours.get(name, 0), held.get(name, 0)) for name in sorted({*ours, *held})}
    return {name: sums for name, sums in both.items() if sums[0] != sums[1]}


def _look_from_the_last_proof(comparison: Comparison, window: Window) -> None:
    """A line that was withheld from us, or one that Stripe never had, is younger than the last proof."""
    for part in Window(_last_proof(window), window.until).slices():
        listed = lines.list_again(comparison, part)
        ours = BalanceLine.objects.filter(occurred_at__gte=part.since, occurred_at__lt=part.until)
        for line in ours.exclude(stripe_id__in=listed):
            comparison.look_up(BALANCE_LINE, line.stripe_id, booking=None, ours=f"{line.net} {line.currency}")


def _last_proof(window: Window) -> datetime:
    mark = Mark.objects.filter(name=PROVED).first()
    since = beginning.seen().since or window.since
    return max(since, mark.at - OVERLAP - timedelta(hours=1)) if mark else since


def _keep_what_was_found(comparison: Comparison) -> None:
    for finding in Finding.objects.filter(resolved_at=None, subject=BALANCE):
        told = finding.detail
        found = Difference(Kind(finding.kind), finding.stripe_id, told["ours"], told["theirs"], None, BALANCE)
        comparison.tally.keep(found)

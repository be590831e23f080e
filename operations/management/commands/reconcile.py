from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments import gateway
from refunds.reconciliation import findings, run, window
from refunds.reconciliation.run import Outcome


class Command(BaseCommand):
    help = "Compares Stripe with the database both ways, by value, and heals; exit 1 on what it can't."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=_span, metavar="48h", help="how far back (90m, 48h, 30d); else from the bookmark"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="change nothing; exit 1 if anything differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = _run(options["since"], dry_run=options["dry_run"])
        except gateway.StripeFailure as error:
            raise CommandError(f"Stripe can't be asked ({error.code}); run it again later.") from error
        self._report(outcome, dry_run=options["dry_run"])
        if outcome.left:
            raise SystemExit(1)

    def _report(self, outcome: Outcome, *, dry_run: bool) -> None:
        tally, seen = outcome.tally, outcome.window
        self.stdout.write(f"compared {seen.since:%Y-%m-%d %H:%M} to {seen.until:%Y-%m-%d %H:%M} UTC")
        self.stdout.write(
            "looked at " + (", ".join(f"{n} {k}" for k, n in tally.counts.items()) or "nothing")
        )
        for currency, amount in sorted(tally.drift.items()):
            self.stdout.write(f"drift {currency} {amount}")
        if dry_run:
            for difference in (*tally.healable, *tally.found.values()):
                self.stdout.write(f"differs: {difference.kind} {difference.stripe_id} {difference.detail}")
            return
        self.stdout.write(f"healed {tally.healed}")
        for finding in findings.open_findings():
            self.stdout.write(f"can't heal: {finding.kind} {finding.stripe_id} {finding.detail}")


def _run(back: timedelta | None, *, dry_run: bool) -> Outcome:
    if dry_run:
        return run.rehearse(clock=timezone.now, back=back)
    return run.reconcile(clock=timezone.now, source="command", back=back)


def _span(text: str) -> timedelta:
    try:
        return window.span(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
